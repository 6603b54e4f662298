"""The demo's content: complete, marked, and the same however often it is made."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cms.articles.models import ArticlePage
from cms.audience.proofs.actions import is_unaltered
from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.fair.ledger import Queue, coming
from cms.channels.models import AiredEntry, Channel, InstallSlate, PlannedEntry
from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.demo.actions import PLANNED_WHEN_MISSING, do_create_demo, do_make_film, missing_films
from cms.demo.content.market import SHOPS
from cms.demo.content.places import CATEGORIES, LOGINS, PLACES, STATIONS
from cms.demo.content.reels import FIRST, REELS, webvtt
from cms.demo.content.stories import STORIES
from cms.demo.content.story import Links, Paragraphs, Quote
from cms.demo.films.programmes import FILMS
from cms.demo.films.stage import Stage
from cms.demo.past import PAST, do_air_past
from cms.demo.people import do_create_people, do_create_places
from cms.demo.shops import do_create_shops, product_of
from cms.demo.stations import day_of, do_create_stations, do_plan_stations, fair_breaks
from cms.demo.videos import do_feature, do_upload_film, upload_of, video_of
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.fields.captions import check_webvtt
from cms.videos.models import Media, Video
from media_pipeline.stores import Store
from tests.channels.conftest import put_publication, store

__all__ = ["store"]

PASSWORDS = {login.name: f"sandi contoh {login.name}" for login in LOGINS}


@pytest.fixture(scope="module")
def made(module_db: None, now: datetime) -> None:
    """Everything but the films, made once for all tests of this file."""
    do_create_demo(now, PASSWORDS, lambda words: None)


@pytest.fixture
def demo(made: None, db: None) -> None:
    """Everything but the films; what a test changes in it is undone after the test."""


def counts() -> dict[str, int]:
    models = (Cooperative, User, Stall, Product, Channel, ArticlePage, Video, PlannedEntry)
    return {model.__name__: model.objects.count() for model in models}


def words_of(story) -> int:
    texts = [
        b.html if isinstance(b, Paragraphs) else b.text
        for b in story.body
        if isinstance(b, Paragraphs | Quote)
    ]
    plain = html.unescape(re.sub(r"<[^>]+>", " ", " ".join([story.summary, *texts])))
    return len(plain.split())


def names() -> Iterator[str]:
    """Every name that viewers meet."""
    yield from (place.name for place in PLACES)
    yield from (place.market for place in PLACES if place.market)
    yield from (shop.name for shop in SHOPS)
    yield from (story.title for story in STORIES)
    yield from (reel.title for reel in REELS.values())
    yield from (station.name for station in STATIONS)
    yield from (login.shown for login in LOGINS)


def test_every_name_says_that_it_is_a_sample():
    assert [name for name in names() if "(contoh)" not in name] == []


def test_there_is_as_much_as_was_promised():
    assert len(PLACES) == 7
    assert {place.zone for place in PLACES} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    assert (len(SHOPS), len(STORIES), len(STATIONS)) == (8, 10, 5)
    assert len(REELS) >= 10
    assert any(FILMS[film].height > FILMS[film].width for film in FILMS)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_an_article_is_long_enough_to_be_of_use(story):
    assert 150 <= words_of(story) <= 400


@pytest.mark.parametrize("film", sorted(REELS))
def test_a_reel_knows_the_length_of_its_film(film: str):
    scenes = FILMS[film].scenes(Stage(FILMS[film].width // 4 * 2, FILMS[film].height // 4 * 2))
    assert REELS[film].seconds == pytest.approx(sum(scene.seconds for scene in scenes))
    assert REELS[film].cover < REELS[film].seconds


@pytest.mark.parametrize("film", [film for film in REELS if REELS[film].captions])
def test_captions_are_webvtt_that_an_editor_could_upload(film: str):
    check_webvtt(webvtt(REELS[film]))
    assert REELS[film].captions[-1][1] <= REELS[film].seconds


def test_what_content_names_exists():
    slugs = {place.slug for place in PLACES}
    assert {story.cooperative for story in STORIES} <= slugs
    assert {story.category for story in STORIES} | {r.category for r in REELS.values()} <= set(
        CATEGORIES
    )
    assert set(REELS) == set(FILMS)
    assert {film for s in STATIONS for film in (*s.lineup, *s.fillers)} <= set(REELS)
    goods = {goods.slug for shop in SHOPS for goods in shop.goods}
    assert {r.offer.product for r in REELS.values() if r.offer} <= goods


def test_a_second_start_changes_nothing(demo, now):
    before = counts()
    do_create_demo(now + timedelta(hours=1), PASSWORDS, lambda words: None)
    assert counts() == before
    assert before["ArticlePage"] == 10
    assert before["Stall"] == 8


def test_what_somebody_changed_stays(demo, now):
    Stall.objects.filter(slug="lapak-sayur-melati").update(name="Lapak Baru")
    User.objects.filter(username="redaksi").update(first_name="Nama Baru")
    do_create_demo(now, PASSWORDS, lambda words: None)
    assert Stall.objects.get(slug="lapak-sayur-melati").name == "Lapak Baru"
    assert User.objects.get(username="redaksi").first_name == "Nama Baru"


def test_each_account_has_its_password_and_its_role(demo):
    for login in LOGINS:
        user = User.objects.get(username=login.name)
        assert user.check_password(PASSWORDS[login.name])
        roles = list(user.memberships.values_list("role", "cooperative__slug"))
        assert roles == ([(login.role, login.cooperative)] if login.role else [])


def test_articles_are_public_at_once_and_complete_themselves(demo, client, now):
    page = ArticlePage.objects.get(slug="giliran-tayang")
    assert client.get(page.get_url()).status_code == 200
    assert "video" not in [block.block_type for block in page.body]
    do_make_film("promo-tempe", now, seconds=0.4)
    page = ArticlePage.objects.get(slug="giliran-tayang")
    videos = [block.value for block in page.body if block.block_type == "video"]
    assert videos == [video_of("promo-tempe")]


def test_an_article_with_links_completes_itself_too(demo, now):
    do_make_film("kemasan", now, seconds=0.4)
    page = ArticlePage.objects.get(slug="label-kemasan")
    kinds = [block.block_type for block in page.body]
    assert kinds == ["text", "video", "text", "product", "links"]
    assert [part.kind for part in page.parts()][-1] == "links"


def test_links_lead_to_articles_that_are_written_before():
    keys = [story.key for story in STORIES]
    for place, story in enumerate(STORIES):
        targets = [key for b in story.body if isinstance(b, Links) for _, key in b.stories]
        assert set(targets) <= set(keys[:place])


def test_an_article_that_was_rewritten_is_left_alone(demo, now):
    page = ArticlePage.objects.get(slug="giliran-tayang")
    page.body = [("text", "<p>Tulisan sendiri</p>")]
    page.save_revision().publish()
    do_make_film("promo-tempe", now, seconds=0.4)
    page = ArticlePage.objects.get(slug="giliran-tayang")
    assert [block.block_type for block in page.body] == ["text"]


def test_a_film_becomes_a_video_as_an_upload_does_and_only_once(demo, now):
    video = do_make_film("promo-tempe", now, seconds=0.4)
    assert do_make_film("promo-tempe", now, seconds=0.4) is None
    assert Media.objects.filter(video__isnull=False).count() == 1
    assert video.live
    assert video.encodes.count() == 1
    assert "contoh" in video.title
    segment = FeaturedSegment.objects.get(video=video)
    assert segment.state == FeaturedSegment.State.APPROVED
    assert segment.product == product_of("tempe-daun")


def test_captions_and_chapters_come_with_their_film(demo, now):
    video = do_upload_film("pagi", now, seconds=0.4)
    assert [chapter.title for chapter in video.chapters.all()] == [
        title for _, title in REELS["pagi"].chapters
    ]
    assert "Selamat pagi" in video.captions.get().text


def test_a_deleted_film_does_not_come_back(demo, now):
    do_make_film("jeda", now, seconds=0.4)
    video_of("jeda").delete()
    assert "jeda" not in missing_films()
    assert do_make_film("jeda", now, seconds=0.4) is None


def test_the_first_start_begins_with_what_it_waits_for(demo):
    assert tuple(missing_films()[: len(FIRST)]) == FIRST


def test_a_day_is_full_and_its_programmes_do_not_overlap():
    day = day_of(list(STATIONS[0].lineup))
    ends = [second + REELS[film].seconds for second, film in day]
    starts = [second for second, _ in day]
    assert all(end <= start + 1 for end, start in zip(ends, starts[1:], strict=False))
    assert max(ends) <= 86_400
    assert sum(REELS[film].seconds for _, film in day) > 0.9 * 86_400


def test_half_hours_end_with_a_break_in_which_no_programme_stands():
    station = next(station for station in STATIONS if station.fair_seconds)
    breaks = [
        slot.clock.hour * 3600 + slot.clock.minute * 60 + slot.clock.second
        for slot in fair_breaks(Channel(), station.fair_seconds)
    ]
    assert breaks == [half * 1800 - station.fair_seconds for half in range(1, 49)]
    day = day_of(list(station.lineup), station.fair_seconds)
    ends = {second // 1800: second + REELS[film].seconds for second, film in day}
    assert all(ends[half] <= start + 1 for half, start in enumerate(breaks))


def test_a_segment_whose_film_is_all_about_it_takes_turns(demo, now):
    do_make_film("promo-sambal", now, seconds=0.4)
    do_make_film("ikan", now, seconds=0.4)
    kinds = dict(FeaturedSegment.objects.values_list("video__title", "kind"))
    assert kinds == {REELS["promo-sambal"].title: "spot", REELS["ikan"].title: "card"}


def test_channels_repeat_yesterday_so_that_today_is_free_to_edit(db, now, make_video):
    places = do_create_places(now)
    people = do_create_people(places, PASSWORDS)
    do_create_shops(places, people, now)
    do_create_stations(places)
    do_upload_film("pagi", now, seconds=0.4)
    do_plan_stations(now)
    channel = Channel.objects.get(slug="nasional")
    days = {
        start.astimezone(channel.zone).date()
        for start in channel.planned.values_list("start", flat=True)
    }
    assert days == {now.astimezone(channel.zone).date() - timedelta(days=1)}
    do_plan_stations(now + timedelta(days=3))
    again = {
        start.astimezone(channel.zone).date()
        for start in channel.planned.values_list("start", flat=True)
    }
    assert again == days


def test_a_channel_that_somebody_plans_is_left_alone(demo, now):
    video = do_upload_film("pagi", now, seconds=0.4)
    channel = Channel.objects.get(slug="nasional")
    do_plan_stations(now)
    own = PlannedEntry.objects.create(channel=channel, video=video, start=now)
    before = channel.planned.count()
    do_plan_stations(now)
    assert channel.planned.count() == before
    assert PlannedEntry.objects.filter(pk=own.pk).exists()


def advertises(film: str) -> bool:
    offer = REELS[film].offer
    return bool(offer and (offer.end - offer.begin) * 2 > REELS[film].seconds)


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: station.slug)
def test_advertising_stays_under_a_fifth_of_a_channel_while_films_arrive(station):
    assert not any(map(advertises, station.fillers))
    order = [*FIRST, *(film for film in REELS if film not in FIRST)]
    for missing in (len(REELS) - len(FIRST), *PLANNED_WHEN_MISSING):
        made = order[: len(REELS) - missing]
        day = day_of([film for film in station.lineup if film in made], station.fair_seconds)
        advertised = sum(REELS[film].seconds for _second, film in day if advertises(film))
        assert advertised < 0.2 * sum(REELS[film].seconds for _second, film in day)
        assert any(film in made for film in station.fillers)


@pytest.fixture
def melati(demo: None, store: Store, now: datetime) -> Channel:
    """The market's channel; the first films are encoded, and nothing was on air yet."""
    for film in FIRST:
        reel = REELS[film]
        put(store, reel.title, reel.cooperative, reel.seconds, upload_of(film))
        if reel.offer:
            do_feature(video_of(film), reel, now)
    slate = put(store, "Kartu jeda (contoh)", "inkoppas", 24, "")
    InstallSlate.objects.create(video=slate)
    return Channel.objects.get(slug="melati")


def put(store: Store, title: str, cooperative: str, seconds: float, upload: str) -> Video:
    """Make a published video as if its film had been uploaded and encoded."""
    video = Video.objects.create(
        cooperative=Cooperative.objects.get(slug=cooperative), title=title, slug=upload, live=True
    )
    Media.objects.create(
        video=video,
        upload=upload,
        publication=put_publication(store, video.pk, seconds),
        duration_ms=round(seconds * 1000),
    )
    return video


def test_at_the_first_start_the_market_has_a_ledger_an_owed_debt_and_a_proof(
    melati: Channel, now: datetime, client: Client
):
    proof = do_air_past(now)

    had = melati.fair_turns.filter(start__lt=now)
    times = Counter(had.values_list("stall_key", flat=True))
    assert len(times) == 2
    assert min(times.values()) >= 8
    assert max(times.values()) - min(times.values()) <= 1
    assert coming(melati, now, 1)[0].start - now < timedelta(hours=1)
    assert Queue(melati, now).average >= 8

    trader = User.objects.get(username="pedagang")
    segment = FeaturedSegment.objects.get(product__stall__trader=trader, kind="spot")
    mine = SegmentAiring.objects.filter(segment_key=segment.key)
    became = Counter(mine.values_list("status", flat=True))
    assert became["cut"] == 1
    assert became["missed"] == 0
    assert became["aired"] >= 8
    cut = mine.get(status="cut")
    assert 4 <= cut.shown_seconds < cut.promised_seconds == 15
    assert cut.why == AiredEntry.Why.OFF_AIR
    assert list(mine.owed()) == [cut]
    first = AiredEntry.objects.filter(kind="programme", start__lt=now - PAST)
    assert {row.status for row in first} == {"aired"}

    assert proof is not None
    assert is_unaltered(proof)
    assert Counter(line.status for line in proof.document.lines) == became
    client.force_login(trader)
    assert client.get(reverse("studio:proof", args=[proof.number])).status_code == 200
    assert client.get(reverse("studio:turns")).context["channel"] == melati

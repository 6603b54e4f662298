"""What the pickers of videos offer a person, how they are searched, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.channels.models import Channel, PlannedEntry
from cms.videos.models import Category, Media, Video
from tests.channels.pages import page, text

DAY = "2026-11-24"
RESULTS = reverse("airable_videos:choose_results")


def chosen(video):
    """The address that says that `video` was chosen."""
    return reverse("airable_videos:chosen", args=[video.pk])


@pytest.fixture
def local(pasar_a, slate):
    """A channel of market A."""
    return Channel.objects.create(cooperative=pasar_a, name="Siar A", slug="siar-a")


@pytest.fixture
def of_a(client, editor_a):
    """A client of market A's editor."""
    client.force_login(editor_a)
    return client


def test_a_row_shows_length_rating_rubric_and_co_operative(of_a, make_video, pasar_a):
    video = make_video("Dapur (contoh)", 754, cooperative=pasar_a)
    Video.objects.filter(pk=video.pk).update(
        category=Category.objects.create(name="Kelas", slug="kelas")
    )
    shown = text(of_a.get(RESULTS))
    assert f"12.34 · SU · Kelas · {pasar_a.name}" in shown
    assert of_a.get(chosen(video)).json()["result"]["seconds"] == 754


def test_words_of_the_title_and_a_rubric_narrow_what_is_offered(of_a, make_video, pasar_a):
    rubric = Category.objects.create(name="Kelas", slug="kelas")
    for title in ("Pasar pagi (contoh)", "Pagi di pasar (contoh)", "Pasar malam (contoh)"):
        make_video(title, cooperative=pasar_a)
    Video.objects.filter(title__startswith="Pagi").update(category=rubric)
    shown = text(of_a.get(RESULTS, {"q": "pagi PASAR"}))
    assert "Pasar pagi" in shown
    assert "Pagi di pasar" in shown
    assert "Pasar malam" not in shown
    shown = text(of_a.get(RESULTS, {"q": "pasar", "category": rubric.pk}))
    assert "Pagi di pasar" in shown
    assert "Pasar pagi" not in shown


@pytest.mark.parametrize("kind", ["foreign", "draft"])
def test_what_the_person_may_not_air_is_neither_offered_nor_named(
    of_a, local, make_video, pasar_a, pasar_b, kind
):
    owner = pasar_b if kind == "foreign" else pasar_a
    video = make_video("Rahasia (contoh)", cooperative=owner, live=kind == "foreign")
    assert "Rahasia" not in text(of_a.get(RESULTS, {"q": "contoh"}))
    assert of_a.get(chosen(video)).status_code == 404
    given = {"video": video.pk, "start": "13:00:00"}
    assert "Rahasia" not in text(of_a.post(page("day", local, DAY), given))
    answer = of_a.get(page("confirm_cut_in", local), {"video": video.pk})
    assert "Rahasia" not in text(answer)
    assert not PlannedEntry.objects.exists()


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "\x00"])
def test_what_is_no_video_is_refused_in_a_sentence(of_a, local, value):
    answer = of_a.post(page("day", local, DAY), {"video": value, "start": "13:00:00"})
    assert answer.status_code == 200
    assert "Pilih video" in text(answer)
    assert not PlannedEntry.objects.exists()


def costs(client, *paths):
    """Return how many queries each of `paths` asks, once the caches are warm."""
    found = []
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        found.append(len(asked))
    return found


def test_with_5000_titles_pickers_read_one_page_of_them(
    of_a, local, make_video, pasar_a, django_assert_max_num_queries
):
    make_video("Pertama (contoh)", cooperative=pasar_a)
    pages = (page("day", local, DAY), page("cut_in", local))
    before = costs(of_a, *pages)
    one = Media.objects.get(video__title="Pertama (contoh)")
    made = Video.objects.bulk_create(
        Video(cooperative=pasar_a, title=f"Judul {n} (contoh)", slug=f"judul-{n}", live=True)
        for n in range(5000)
    )
    Media.objects.bulk_create(
        Media(video=video, publication=one.publication, duration_ms=60_000) for video in made
    )
    with django_assert_max_num_queries(12):
        shown = text(of_a.get(RESULTS))
    assert shown.count("1.00 · SU") == 12
    assert costs(of_a, *pages) == before
    assert "Judul" not in text(of_a.get(pages[0]))

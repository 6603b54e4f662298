"""Lists of videos: promotions are few and labelled; the visitor's wilayah comes first."""

from datetime import timedelta

import pytest

from cms.site.watch import newest, shelf
from cms.traders.models import FeaturedSegment, Product
from cms.videos.models import Video


@pytest.fixture
def many(make_video, pasar_a, pasar_c, sambal: Product, now) -> dict[str, Video]:
    """Eight promotions that are newer than five programmes, three of them of Sulawesi."""
    videos = {}
    for n in range(13):
        market = pasar_c if n in (1, 2, 3) else pasar_a
        title = f"Program {n} (contoh)" if n < 5 else f"Iklan {n} (contoh)"
        video = make_video(market, title)
        Video.objects.filter(pk=video.pk).update(first_published_at=now + timedelta(minutes=n))
        video.media.duration_ms = 60_000
        video.media.save()
        if n >= 5:
            FeaturedSegment.objects.create(
                product=sambal, video=video, begin=0, end=40, state="approved"
            )
        videos[title] = video
    return videos


def titles(videos) -> list[str]:
    return [video.title.split(" (")[0] for video in videos]


def test_of_four_videos_on_a_shelf_one_is_a_promotion(many):
    assert titles(shelf(None, 4)) == ["Program 4", "Program 3", "Program 2", "Iklan 12"]
    assert titles(shelf(None, 8))[3] == "Iklan 12"


def test_where_there_is_nothing_else_a_promotion_is_better_than_nothing(many):
    Video.objects.filter(title__startswith="Program").update(live=False)
    assert titles(shelf(None, 4)) == ["Iklan 12"]


def test_a_short_card_in_a_long_programme_makes_no_promotion(many, sambal):
    video = many["Program 4 (contoh)"]
    FeaturedSegment.objects.create(product=sambal, video=video, begin=0, end=20, state="approved")
    assert not newest().get(pk=video.pk).is_promotion


def test_the_visitors_wilayah_comes_first_and_the_page_says_so(get, many):
    page = get("/", wilayah="sulawesi-selatan")
    shelf_ = page.split('id="h-baru"')[1].split("</section>")[0]
    assert "Sulawesi Selatan lebih dulu, lalu wilayah lain." in shelf_
    assert [n for n in range(5) if f"Program {n} " in shelf_] == [1, 2, 3]
    listed = get("/video/", wilayah="sulawesi-selatan")
    assert "Sulawesi Selatan lebih dulu" in listed
    assert listed.index("Program 1 ") < listed.index("Iklan 12")
    assert "lebih dulu" not in get("/video/?wilayah=jawa-timur", wilayah="sulawesi-selatan")


def test_a_promotion_is_labelled_in_every_list(get, many):
    page = get("/video/").split("Iklan 12")[0]
    assert page.rstrip().endswith('<span class="tag">Promosi</span> <b>')

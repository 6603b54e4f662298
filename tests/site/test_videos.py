"""Videos on demand: list, page, embedding; what is withdrawn is nowhere."""

import json
import re
from datetime import timedelta

from django.test import Client

WITHDRAWN = 404


def structured(page: str) -> list[dict]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    data = [json.loads(text) for text in found]
    return data[0] if data and isinstance(data[0], list) else data


def test_the_page_of_a_video_has_player_chapters_and_the_price_of_the_whole(get, video):
    page = get(f"/video/{video.slug}/").replace("\u00a0", " ")
    assert f'data-src="/vod/{video.media.publication}/master.m3u8"' in page
    assert "Menggoreng" in page
    assert 'data-seek="30"' in page
    assert "240p: 4,7 MB untuk seluruh video, sekitar Rp19." in page


def test_what_costs_less_than_a_rupiah_is_said_so(get, video):
    video.media.duration_ms = 2_000
    video.media.save()
    page = get(f"/video/{video.slug}/")
    assert "untuk seluruh video, kurang dari Rp1." in page


def test_the_price_of_a_minute_stands_on_the_picture_before_the_tap(get, video):
    page = get(f"/video/{video.slug}/")
    cost = re.search(r'<span class="cost" data-cost="([^"]+)">([^<]+)<', page)
    assert cost[1] == "{quality} · {size}/menit, {price}"
    assert cost[2] == "240p · 3,1 MB/menit, sekitar Rp12"


def test_a_video_reads_without_script(get, video):
    page = get(f"/video/{video.slug}/")
    assert "<noscript>" in page
    assert f'href="/vod/{video.media.publication}/master.m3u8"' in page


def test_the_card_of_a_featured_product_counts_taps_at_the_video(get, video, on_tv):
    page = get(f"/video/{video.slug}/")
    assert f"/chat/{on_tv.product.key}/?di=video-{video.key.hex}" in page
    assert "18.500" in page


def test_search_engines_learn_of_the_video_and_its_chapters(get, video):
    data, crumbs = structured(get(f"/video/{video.slug}/"))
    assert data["@type"] == "VideoObject"
    assert data["duration"] == "PT1M30S"
    assert [clip["endOffset"] for clip in data["hasPart"]] == [30, 90]
    assert data["contentUrl"] == f"http://testserver/vod/{video.media.publication}/master.m3u8"
    assert crumbs["@type"] == "BreadcrumbList"


def test_a_title_cannot_end_the_structured_data(get, video):
    video.title = "</script><script>alert(1)</script>"
    video.save()
    page = get(f"/video/{video.slug}/")
    assert "<script>alert" not in page
    assert structured(page)[0]["name"] == video.title


def test_messengers_get_a_card_with_absolute_addresses(get, video):
    page = get(f"/video/{video.slug}/")
    assert f'property="og:url" content="http://testserver/video/{video.slug}/"' in page
    assert f'property="og:video" content="http://testserver/embed/video/{video.slug}/"' in page


def test_any_site_may_embed_a_video_and_no_site_another_page(client: Client, video):
    embedded = client.get(f"/embed/video/{video.slug}/")
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded.headers
    page = client.get(f"/video/{video.slug}/")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_a_withdrawn_video_is_on_no_page(get, video, now):
    video.media.withdrawn_at = now
    video.media.save()
    get(f"/video/{video.slug}/", status=WITHDRAWN)
    get(f"/embed/video/{video.slug}/", status=WITHDRAWN)
    for path in ("/", "/video/", "/feed/", "/sitemap.xml", "/cari/?q=dapur"):
        assert f"/video/{video.slug}/" not in get(path), path


def test_the_list_has_pages_and_filters(get, video, make_video, pasar_c, now):
    for number in range(13):
        other = make_video(pasar_c, f"Film {number:02}")
        other.first_published_at = now + timedelta(minutes=number)
        other.save()
    first, second = get("/video/"), get("/video/?halaman=2")
    assert "Film 12" in first
    assert "Film 00" not in first
    assert "Halaman 1 dari 2" in first
    assert video.slug in second
    assert "Film 12" not in get("/video/?rubrik=dapur-pasar")
    assert f"/video/{video.slug}/" not in get("/video/?wilayah=sulawesi-selatan&halaman=99")


def test_a_page_number_that_is_none_gives_the_first_page(get, video):
    assert video.slug in get("/video/?halaman=%00")
    assert video.slug in get("/video/?halaman=-1")

"""Articles and sections as readers and machines get them."""

import json
import re

import pytest
from django.core.files.images import ImageFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images import get_image_model

from cms.articles.actions import do_ensure_section
from cms.videos.models import Category

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


@pytest.fixture
def cover(tmp_path, db):
    path = tmp_path / "sampul.png"
    Picture.new("RGB", (1280, 720), "#6a1b43").save(path)
    with path.open("rb") as file:
        return get_image_model().objects.create(title="Sampul", file=ImageFile(file, name="s.png"))


@pytest.fixture
def full(pasar_a, make_article, make_video, make_channel, sambal, cover):
    """An article with every kind of block."""
    first = make_video(pasar_a, "Video satu")
    second = make_video(pasar_a, "Video dua")
    other = make_article(pasar_a, "Kabar lama", ("text", "<p>Lama</p>"))
    picture = {"image": cover.pk, "alt": "Warna manggis", "caption": "Warna", "credit": "Siar"}
    links = [
        {"title": "Lama", "page": other.pk, "url": ""},
        {"title": "Luar", "page": None, "url": "https://example.org/"},
    ]
    return make_article(
        pasar_a,
        "Cabai </script> naik",
        ("text", "<p>Paragraf pertama.</p><h2>Subjudul</h2>"),
        ("picture", picture),
        ("gallery", [{**picture, "alt": "Kain satu"}, {**picture, "alt": "", "caption": ""}]),
        ("quote", {"text": "Tertulis.", "source": "Redaksi"}),
        ("video", first.pk),
        ("video", second.pk),
        ("product", sambal.pk),
        ("channel", make_channel(pasar_a, "Saluran A").pk),
        ("links", {"heading": "Lihat juga", "links": links}),
        summary="Ringkasan singkat.",
        category=Category.objects.create(name="Kabar Pasar", slug="kabar-pasar"),
        cover=cover,
        cover_alt="Kain manggis",
    )


def test_every_block_is_shown(client, full, sambal):
    page = client.get(full.get_url()).content.decode()
    for words in ("Paragraf pertama.", "<h2>Subjudul</h2>", 'alt="Warna manggis"', "Tertulis."):
        assert words in page
    assert "Lihat juga" in page
    assert "https://example.org/" in page
    assert "/live/saluran-a/" in page
    assert "Koppas A (contoh)" in page
    assert "Selasa 24 November 2026, 13.24\u00a0WIB" in page


def test_a_gallery_shows_small_pictures_that_open_large(client, full, cover):
    page = client.get(full.get_url()).content.decode()
    assert 'alt="Kain satu"' in page
    assert 'aria-label="Gambar 2"' in page
    small, large = (
        cover.get_rendition(f"{size}|format-webp") for size in ("fill-360x360", "width-1280")
    )
    assert page.count(f'href="{large.url}"') == page.count(f'src="{small.url}"') == 2


def test_a_gallery_without_its_pictures_is_not_shown(client, full, cover):
    cover.delete()
    read = type(full).objects.get(pk=full.pk)
    assert "gallery" not in [part.kind for part in read.parts()]
    notes = [part.value for part in read.parts(preview=True) if part.kind == "missing"]
    assert "Galeri di sini tidak tampil: semua gambarnya sudah dihapus." in notes


def test_the_first_video_has_a_player_and_each_other_one_a_link(client, full):
    page = client.get(full.get_url()).content.decode()
    assert page.count("data-player") == 1
    assert "/master.m3u8" in page
    assert 'href="/video/video-dua/"' in page


def test_a_product_has_its_price_and_a_counted_chat_link(client, full, sambal):
    page = client.get(full.get_url()).content.decode()
    assert "18.500" in page
    assert f"/chat/{sambal.key}/?di=kabar-{full.pk}" in page
    assert "Promosi" in page


def test_machines_read_a_news_article_that_cannot_break_out(client, full):
    page = client.get(full.get_url()).content.decode()
    news = [json.loads(found) for found in SCRIPT.findall(page)]
    data = next(d for d in news if d["@type"] == "NewsArticle")
    assert data["headline"] == "Cabai </script> naik"
    assert data["datePublished"] == "2026-11-24T06:24:00+00:00"
    assert data["author"]["name"] == "Redaksi Koppas A (contoh)"
    assert data["contentLocation"]["name"] == "Jawa Timur"
    assert data["image"][0].startswith("http://")
    assert data["mainEntityOfPage"].endswith(full.get_url())


def test_social_cards_have_picture_title_and_words(client, full):
    page = client.get(full.get_url()).content.decode()
    for name in ("og:title", "og:description", "og:image", "og:url", "twitter:card"):
        assert re.search(rf'<meta (property|name)="{name}" content="[^"]+', page), name


def test_nothing_on_the_page_needs_an_inline_script_or_style(client, full):
    page = client.get(full.get_url()).content.decode()
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)[^>]*>", page)
    assert scripts == []
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_a_page_costs_few_queries_however_many_blocks(
    client, full, pasar_a, make_article, make_video, django_assert_max_num_queries
):
    videos = [make_video(pasar_a, f"Video {n} lagi") for n in range(8)]
    many = make_article(pasar_a, "Banyak", *(("video", video.pk) for video in videos))
    client.get(many.get_url())
    with django_assert_max_num_queries(30):
        client.get(many.get_url())


def test_a_section_lists_its_stories_page_by_page(client, pasar_a, jatim, make_article, now):
    for number in range(14):
        make_article(pasar_a, f"Kabar {number:02}")
    make_article(jatim, "Rancangan", live=False)
    address = do_ensure_section(jatim, now).get_url()
    first = client.get(address).content.decode()
    assert first.count('class="video"') == 12
    assert "Rancangan" not in first
    assert 'rel="next" href="?halaman=2"' in first
    second = client.get(f"{address}?halaman=2").content.decode()
    assert second.count('class="video"') == 2
    assert client.get(f"{address}?halaman=x").status_code == 200


def test_an_empty_section_says_so(client, pasar_c, now):
    page = client.get(do_ensure_section(pasar_c, now).get_url()).content.decode()
    assert "Belum ada kabar di sini" in page


def test_the_root_answers_at_kabar(client, inkoppas, now):
    assert do_ensure_section(inkoppas, now).get_url() == "/kabar/"
    assert client.get("/kabar/").status_code == 200


def test_the_preview_shows_a_draft_with_notes(
    client, superuser, pasar_a, synced_tree, make_article, make_video, posted
):
    video = make_video(pasar_a, "Ditarik")
    page = make_article(pasar_a, "Rancangan", ("video", video.pk), live=False)
    type(video).objects.filter(pk=video.pk).update(live=False)
    client.force_login(superuser)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))
    data = posted(
        "Rancangan baru", ("text", "<p>Isi baru</p>"), ("video", video.pk), slug=page.slug
    )
    assert client.post(address, data).json()["is_valid"]
    seen = client.get(address).content.decode()
    assert "Rancangan baru" in seen
    assert "Video di sini tidak tampil" in seen


def test_english_readers_get_an_english_frame(client, full):
    client.post("/bahasa/", {"language": "en", "next": "/"})
    page = client.get(full.get_url()).content.decode()
    assert "Share on WhatsApp" in page
    assert "Tuesday 24 November 2026" in page

"""What an article may show, whoever posts what."""

from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images import get_image_model

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from cms.cooperatives.models import Cooperative
from cms.traders.models import Product
from cms.videos.actions import do_withdraw
from cms.videos.models import Video

KINDS = ["video", "product", "channel"]


def shown(article: ArticlePage) -> list[str]:
    return [part.kind for part in article.parts()]


@pytest.fixture
def own(pasar_a, make_video, make_channel, sambal) -> dict[str, Model]:
    """What market A has."""
    return {
        "video": make_video(pasar_a, "Video A"),
        "product": sambal,
        "channel": make_channel(pasar_a, "Saluran A"),
    }


@pytest.fixture
def foreign(pasar_b, make_video, make_channel, tempe) -> dict[str, Model]:
    """What market B has."""
    return {
        "video": make_video(pasar_b, "Video B"),
        "product": tempe,
        "channel": make_channel(pasar_b, "Saluran B"),
    }


def save(
    client: Client, section: Model, data: dict[str, Any], *, page: ArticlePage | None = None
) -> Any:
    if page:
        return client.post(reverse("wagtailadmin_pages:edit", args=(page.pk,)), data)
    address = reverse("wagtailadmin_pages:add", args=("articles", "articlepage", section.pk))
    return client.post(address, data)


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_saves_what_the_market_has(
    kind, client, editor_a, pasar_a, synced_tree, posted, own, now
):
    client.force_login(editor_a)
    answer = save(client, do_ensure_section(pasar_a, now), posted("Kabar", (kind, own[kind].pk)))
    assert answer.status_code == 302
    assert shown(ArticlePage.objects.get().get_latest_revision_as_object()) == [kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_posted_id_of_another_market_is_refused_with_one_sentence(
    kind, client, editor_a, pasar_a, synced_tree, posted, foreign, now
):
    client.force_login(editor_a)
    data = posted("Kabar", ("text", "<p>Isi</p>"), (kind, foreign[kind].pk))
    answer = save(client, do_ensure_section(pasar_a, now), data)
    assert answer.status_code == 200
    assert answer.content.decode().count("milik koperasi lain") == 1
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_superuser_cannot_mix_two_markets_either(
    kind, client, superuser, pasar_a, synced_tree, posted, foreign, now
):
    client.force_login(superuser)
    data = posted("Kabar", (kind, foreign[kind].pk))
    assert save(client, do_ensure_section(pasar_a, now), data).status_code == 200
    assert not ArticlePage.objects.exists()


def test_a_market_may_use_what_the_province_shows_to_all_but_not_its_drafts(
    client, editor_a, pasar_a, jatim, synced_tree, posted, make_video, now
):
    client.force_login(editor_a)
    section = do_ensure_section(pasar_a, now)
    draft = make_video(jatim, "Rancangan provinsi")
    Video.objects.filter(pk=draft.pk).update(live=False)
    assert save(client, section, posted("Kabar", ("video", draft.pk))).status_code == 200
    public = make_video(jatim, "Acara provinsi")
    assert save(client, section, posted("Kabar", ("video", public.pk))).status_code == 302


def test_the_province_may_use_what_its_markets_have(jatim, pasar_b, make_article, foreign):
    article = make_article(jatim, "Provinsi", *((kind, foreign[kind].pk) for kind in KINDS))
    assert shown(article) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_foreign_id_in_an_old_revision_is_published_but_never_shown(
    kind, client, pasar_a, make_article, foreign
):
    article = make_article(pasar_a, "Kabar", ("text", "<p>Isi</p>"), (kind, foreign[kind].pk))
    article.save_revision().publish()
    article = ArticlePage.objects.get(pk=article.pk)
    assert article.live
    assert shown(article) == ["text"]
    page = client.get(article.get_url())
    assert page.status_code == 200
    assert (
        str(getattr(foreign[kind], "title", None) or foreign[kind].name)
        not in page.content.decode()
    )


def test_what_was_withdrawn_goes_and_the_editor_alone_is_told(
    client, pasar_a, make_article, own, moderator_a, now
):
    article = make_article(pasar_a, "Kabar", ("text", "<p>Isi</p>"), ("video", own["video"].pk))
    assert "Video A" in client.get(article.get_url()).content.decode()
    do_withdraw(own["video"], now)
    read = client.get(article.get_url()).content.decode()
    assert "Video A" not in read
    assert "tidak tampil" not in read
    notes = [part.value for part in article.parts(preview=True) if part.kind == "missing"]
    assert notes == ["Video di sini tidak tampil: ditarik, dihapus, atau belum terbit."]


def test_what_was_deleted_breaks_neither_page_nor_form(
    client, moderator_a, pasar_a, synced_tree, make_article, own, now
):
    blocks = [("text", "<p>Isi</p>"), *((kind, own[kind].pk) for kind in KINDS)]
    article = make_article(pasar_a, "Kabar", *blocks)
    Product.objects.filter(pk=own["product"].pk).delete()
    Video.objects.filter(pk=own["video"].pk).delete()
    own["channel"].delete()
    assert client.get(article.get_url()).status_code == 200
    assert shown(ArticlePage.objects.get(pk=article.pk)) == ["text"]
    client.force_login(moderator_a)
    assert client.get(reverse("wagtailadmin_pages:edit", args=(article.pk,))).status_code == 200


def picture_of(cooperative: Cooperative, folder: Any) -> Any:
    path = folder / "gambar.png"
    Picture.new("RGB", (640, 360), "#6a1b43").save(path)
    with path.open("rb") as file:
        return get_image_model().objects.create(
            title="Gambar",
            file=ImageFile(file, name=f"{cooperative.slug}.png"),
            collection=cooperative.collection,
        )


def listed(*values: dict[str, Any]) -> dict[str, Any]:
    """Return what a form sends for a list of blocks."""
    rows = {str(i): {"deleted": "", "order": i, "value": v} for i, v in enumerate(values)}
    return {"count": len(values), **rows}


def test_a_picture_of_another_market_is_refused_but_one_that_was_there_may_stay(
    client, editor_a, pasar_a, pasar_b, synced_tree, posted, make_article, tmp_path, now
):
    client.force_login(editor_a)
    pasar_a.refresh_from_db()
    pasar_b.refresh_from_db()
    strange = picture_of(pasar_b, tmp_path)
    value = {"image": strange.pk, "alt": "", "caption": "", "credit": ""}
    section = do_ensure_section(pasar_a, now)
    assert save(client, section, posted("Kabar", ("picture", value))).status_code == 200
    cover = save(client, section, posted("Kabar", ("text", "<p>Isi</p>"), cover=strange.pk))
    assert cover.status_code == 200
    held = make_article(pasar_a, "Lama", ("picture", value))
    data = posted("Lama", ("picture", value), slug=held.slug)
    assert save(client, section, data, page=held).status_code == 302
    own = {**value, "image": picture_of(pasar_a, tmp_path).pk}
    assert save(client, section, posted("Baru", ("picture", own))).status_code == 302
    mixed = save(client, section, posted("Galeri", ("gallery", listed(own, value))))
    assert mixed.status_code == 200
    assert "Gambar ini milik koperasi lain" in mixed.content.decode()
    assert save(client, section, posted("Galeri", ("gallery", listed(own, own)))).status_code == 302


def test_an_editor_of_one_market_has_no_page_of_another(
    client, editor_a, pasar_b, synced_tree, make_article, posted, now
):
    article = make_article(pasar_b, "Milik B")
    client.force_login(editor_a)
    section = do_ensure_section(pasar_b, now)
    assert save(client, section, posted("Kabar")).status_code == 404
    answer = save(client, section, posted("Diganti", slug=article.slug), page=article)
    assert answer.status_code == 404
    assert [page.title for page in ArticlePage.objects.all()] == ["Milik B"]
    assert not ArticlePage.objects.get().has_unpublished_changes

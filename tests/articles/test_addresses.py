"""A title may be used again: the address of the new article is made unique."""

from django.urls import reverse

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from tests.articles.test_twins import JSON, TEXT, send


def slugs() -> list[str]:
    return [page.slug for page in ArticlePage.objects.order_by("pk")]


def test_articles_of_the_same_title_are_saved_and_each_has_an_address_of_its_own(
    client, synced_tree, moderator_a, pasar_a, posted, now
):
    client.force_login(moderator_a)
    section = do_ensure_section(pasar_a, now)
    whole = posted("Harga cabai", TEXT)
    for form in "abc":
        assert send(client, section, whole, form=form * 64).status_code == 302
    assert slugs() == ["harga-cabai", "harga-cabai-2", "harga-cabai-3"]
    second = ArticlePage.objects.get(slug="harga-cabai-2")
    edit = reverse("wagtailadmin_pages:edit", args=(second.pk,))
    saved = client.post(edit, whole, headers=JSON)
    assert saved.json()["success"] is True
    assert client.post(edit, whole | {"action-publish": "1"}).status_code == 302
    second.refresh_from_db()
    assert (second.slug, second.live) == ("harga-cabai-2", True)


def test_the_address_of_a_published_article_is_not_changed_to_one_that_is_taken(
    client, synced_tree, moderator_a, pasar_a, posted, now
):
    client.force_login(moderator_a)
    section = do_ensure_section(pasar_a, now)
    send(client, section, posted("Satu", TEXT) | {"action-publish": "1"}, form="a" * 64)
    send(client, section, posted("Dua", TEXT) | {"action-publish": "1"}, form="b" * 64)
    second = ArticlePage.objects.get(slug="dua")
    edit = reverse("wagtailadmin_pages:edit", args=(second.pk,))
    answer = client.post(edit, posted("Dua", TEXT) | {"slug": "satu", "action-publish": "1"})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"slug"}
    assert slugs() == ["satu", "dua"]

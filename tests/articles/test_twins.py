"""One form makes one page, however often it is sent before the answer is there."""

from django.core import mail
from django.test import override_settings
from django.urls import reverse
from wagtail import hooks

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage, PageForm
from cms.settings import base

JSON = {"accept": "application/json"}
TEXT = ("text", "<p>Isi</p>")


def send(client, section, data, *, form="a" * 64, **more):
    """Post a form for a new article, as the browser does."""
    address = reverse("wagtailadmin_pages:add", args=("articles", "articlepage", section.pk))
    return client.post(address, data | {"csrfmiddlewaretoken": form}, **more)


def section_of(client, synced_tree, user, market, now):
    client.force_login(user)
    return do_ensure_section(market, now)


def test_publishing_while_the_form_is_being_saved_publishes_the_saved_page(
    client, synced_tree, moderator_a, pasar_a, posted, now
):
    section = section_of(client, synced_tree, moderator_a, pasar_a, now)
    saved = send(client, section, posted("Tempe pagi", TEXT), headers=JSON)
    assert saved.json()["success"] is True
    whole = posted("Tempe pagi ini", TEXT) | {"action-publish": "1"}
    assert send(client, section, whole).status_code == 302
    page = ArticlePage.objects.get()
    assert (page.title, page.slug, page.live) == ("Tempe pagi ini", "tempe-pagi-ini", True)
    assert page.pk == saved.json()["pk"]


def test_a_save_that_comes_after_the_publication_changes_nothing(
    client, synced_tree, moderator_a, pasar_a, posted, now
):
    section = section_of(client, synced_tree, moderator_a, pasar_a, now)
    whole = posted("Tempe pagi ini", TEXT) | {"action-publish": "1"}
    assert send(client, section, whole).status_code == 302
    late = send(client, section, posted("Tempe pagi", TEXT), headers=JSON)
    assert (late.status_code, late.json()["success"]) == (200, False)
    page = ArticlePage.objects.get()
    assert (page.title, page.has_unpublished_changes) == ("Tempe pagi ini", False)


def test_a_save_on_its_way_does_not_undo_the_publication(
    client, synced_tree, moderator_a, pasar_a, posted, now
):
    section = section_of(client, synced_tree, moderator_a, pasar_a, now)
    first = send(client, section, posted("Tempe pagi ini", TEXT), headers=JSON).json()
    edit = reverse("wagtailadmin_pages:edit", args=(first["pk"],))
    publishing = [posted("Tempe pagi ini", TEXT) | {"action-publish": "1"}]

    def publish(*_):
        """The page was read for the save; now the publication comes, and goes first."""
        if publishing:
            assert client.post(edit, publishing.pop()).status_code == 302

    late = posted("Tempe pagi", TEXT) | {"overwrite_revision_id": first["revision_id"]}
    with hooks.register_temporarily("before_edit_page", publish, order=-1):
        saved = client.post(edit, late, headers=JSON)
    page = ArticlePage.objects.get()
    assert (page.title, page.live, page.has_unpublished_changes) == ("Tempe pagi ini", True, False)
    assert (saved.status_code, saved.json()["error_code"]) == (400, "invalid_revision")


def test_other_forms_and_later_times_make_pages_of_their_own(
    client, synced_tree, moderator_a, pasar_a, posted, now, frozen
):
    section = section_of(client, synced_tree, moderator_a, pasar_a, now)
    send(client, section, posted("Satu", TEXT))
    send(client, section, posted("Dua", TEXT), form="b" * 64)
    assert ArticlePage.objects.count() == 2
    frozen.shift(61)
    send(client, section, posted("Tiga", TEXT))
    assert ArticlePage.objects.count() == 3
    assert PageForm.objects.count() == 1


def test_what_is_refused_may_be_sent_again(client, synced_tree, editor_a, pasar_a, posted, now):
    section = section_of(client, synced_tree, editor_a, pasar_a, now)
    refused = send(client, section, posted("", TEXT))
    assert refused.status_code == 200
    assert not ArticlePage.objects.exists()
    assert send(client, section, posted("Satu", TEXT)).status_code == 302
    assert ArticlePage.objects.get().title == "Satu"


def test_mail_leaves_when_the_page_is_committed(
    client,
    synced_tree,
    editor_a,
    superuser,
    pasar_a,
    posted,
    now,
    django_capture_on_commit_callbacks,
):
    superuser.email = "pengelola@contoh.id"
    superuser.save()
    kept = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    mailers = base.MAILERS | {"outgoing": kept}
    section = section_of(client, synced_tree, editor_a, pasar_a, now)
    whole = posted("Tempe pagi ini", TEXT) | {"action-submit": "1"}
    with override_settings(MAILERS=mailers):
        with django_capture_on_commit_callbacks(execute=True):
            assert send(client, section, whole).status_code == 302
            assert mail.outbox == []
        (message,) = mail.outbox
    assert "Tempe pagi ini" in message.subject

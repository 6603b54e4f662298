"""A document of the library is for everyone once a public page leads to it; before, for its staff."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction


@pytest.fixture
def document(synced_tree, pasar_a, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    pasar_a.refresh_from_db()
    return get_document_model().objects.create(
        title="Laporan (contoh)",
        file=ContentFile(b"%PDF-1.4", name="laporan.pdf"),
        collection=pasar_a.collection,
    )


def link(document) -> tuple[str, str]:
    return ("text", f'<p><a linktype="document" id="{document.pk}">Laporan</a></p>')


def test_a_document_on_no_page_is_for_the_staff_of_its_cooperative(
    client, document, editor_a, editor_b, trader_a, superuser
):
    assert client.get(document.url).status_code == 404
    for user, status in ((editor_a, 200), (editor_b, 404), (trader_a, 404), (superuser, 200)):
        client.force_login(user)
        assert client.get(document.url).status_code == status, user


def test_a_document_is_for_everyone_while_a_public_page_leads_to_it(
    client, document, pasar_a, make_article
):
    article = make_article(pasar_a, "Laporan tahunan (contoh)", link(document))
    assert client.get(document.url).status_code == 200
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert client.get(document.url).status_code == 404
    restriction.delete()
    article.unpublish()
    assert client.get(document.url).status_code == 404


def test_a_draft_that_leads_to_a_document_does_not_publish_it(
    client, document, pasar_a, make_article
):
    article = make_article(pasar_a, "Rencana (contoh)")
    article.body = article.body.stream_block.to_python(
        [{"type": link(document)[0], "value": link(document)[1]}]
    )
    revision = article.save_revision()
    assert client.get(document.url).status_code == 404
    revision.publish()
    assert client.get(document.url).status_code == 200

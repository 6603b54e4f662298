"""Pictures of editors, as their phones make them."""

from pathlib import Path

from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from pytest_django import Settings
from wagtail.images.models import Image

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from tests.studio.pages import make_heic


def test_an_editor_uploads_a_heic_and_readers_get_a_jpeg(
    client: Client,
    editor_a: User,
    pasar_a: Cooperative,
    synced_tree: None,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(editor_a)
    collection = Cooperative.objects.get(pk=pasar_a.pk).collection_id
    values = {"title": "Cabai (contoh)", "file": make_heic(), "collection": collection}
    answer = client.post(reverse("wagtailimages:add"), values)
    assert answer.status_code == 302
    image = Image.objects.get()
    assert (image.width, image.height) == (640, 480)
    shown = Picture.open(image.get_rendition("width-320").file)
    assert (shown.format, shown.size) == ("JPEG", (320, 240))

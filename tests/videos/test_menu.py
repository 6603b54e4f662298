"""What the menu of the CMS leads to are pages for people."""

import pytest
from django.test import Client
from wagtail.snippets.models import get_snippet_models

from cms.core.models import User


@pytest.mark.django_db
def test_every_menu_entry_of_a_room_opens_a_page(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    viewsets = [model.snippet_viewset for model in get_snippet_models()]
    assert len(viewsets) >= 5
    for viewset in viewsets:
        answer = client.get(viewset.menu_url)
        assert answer.status_code == 200, viewset
        assert answer["content-type"].startswith("text/html"), viewset

"""The first page of the CMS: the way to a new article in the own section."""

import re

import pytest
from django.urls import reverse

from cms.articles.models import SectionPage
from cms.cooperatives.actions import do_add_member, do_sync_all
from cms.cooperatives.models import Membership

pytestmark = pytest.mark.usefixtures("synced_tree")


def doors(client, user):
    """Addresses of the doors to writing, as `user` gets them."""
    client.force_login(user)
    page = client.get("/admin/").content.decode()
    return re.findall(r'class="siar-door[^"]*" href="(/admin/pages/add/[^"]+)"', page)


def address(cooperative):
    section = SectionPage.objects.get(cooperative=cooperative)
    return reverse("wagtailadmin_pages:add", args=["articles", "articlepage", section.pk])


def test_an_editor_writes_in_the_own_section_at_once(client, editor_a, pasar_a):
    assert doors(client, editor_a) == [address(pasar_a)]
    assert client.get(address(pasar_a)).status_code == 200


def test_a_provinces_editor_gets_the_provinces_section_not_each_markets(
    client, editor_jatim, jatim
):
    assert doors(client, editor_jatim) == [address(jatim)]


def test_who_writes_in_two_markets_chooses_by_name(client, editor_a, pasar_a, pasar_c):
    do_add_member(editor_a, pasar_c, Membership.Role.EDITOR)
    do_sync_all()
    assert doors(client, editor_a) == [address(pasar_a), address(pasar_c)]
    assert client.get("/admin/").content.decode().count(pasar_c.name) >= 1


def test_a_superuser_writes_at_the_top(client, superuser, inkoppas):
    assert doors(client, superuser) == [address(inkoppas)]


def test_a_coordinator_who_writes_no_pages_gets_no_door(client, coordinator_a):
    assert doors(client, coordinator_a) == []

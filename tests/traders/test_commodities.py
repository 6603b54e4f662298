"""Commodities: the apex keeps them, all choose from them."""

import pytest
from django.core.exceptions import ValidationError

from cms.cooperatives.models import Membership
from cms.traders.commodities import COMMON, do_add_common
from cms.traders.models import Commodity, Product, Stall

LISTED = "/admin/snippets/traders/commodity/"


def test_common_ones_are_added_once_and_what_was_changed_stays(db):
    assert do_add_common() == len(COMMON)
    Commodity.objects.filter(slug="cabai").update(other_names="cabe")
    Commodity.objects.filter(slug="beras").delete()
    assert do_add_common() == 1
    assert Commodity.objects.get(slug="cabai").other_names == "cabe"


@pytest.mark.parametrize("who", ["editor_jatim", "coordinator_a", "trader_a", "stranger"])
def test_who_does_not_work_for_the_apex_changes_none(client, request, who, synced_tree):
    row = Commodity.objects.create(name="Cabai", slug="cabai")
    client.force_login(request.getfixturevalue(who))
    for path in (LISTED, f"{LISTED}add/", f"{LISTED}edit/{row.pk}/", f"{LISTED}delete/{row.pk}/"):
        assert client.get(path).status_code != 200, path
        client.post(path, {"name": "Lain", "slug": "lain"})
    assert list(Commodity.objects.values_list("name", flat=True)) == ["Cabai"]


def test_an_editor_of_the_apex_adds_one(client, editor_national, synced_tree):
    client.force_login(editor_national)
    assert client.get(LISTED).status_code == 200
    client.post(f"{LISTED}add/", {"name": "Batik", "slug": "batik", "other_names": "kain"})
    assert Commodity.objects.get().slug == "batik"


def test_a_coordinator_chooses_commodities_of_stall_and_product(
    client, coordinator_a, stall_a, sambal, synced_tree
):
    row = Commodity.objects.create(name="Cabai", slug="cabai")
    client.force_login(coordinator_a)
    address = f"/admin/snippets/traders/stall/edit/{stall_a.pk}/"
    assert f'name="commodities" value="{row.pk}"' in client.get(address).content.decode()
    values = {"cooperative": stall_a.cooperative_id, "name": stall_a.name, "active": "on"}
    client.post(address, {**values, "commodities": [row.pk]})
    assert list(stall_a.commodities.all()) == [row]
    page = client.get(f"/admin/snippets/traders/product/edit/{sambal.pk}/").content.decode()
    assert f'<option value="{row.pk}">Cabai</option>' in page


def test_a_hidden_number_is_not_told_in_a_description(stall_a: Stall, sambal: Product):
    stall_a.hide_number = True
    stall_a.description = "Hubungi 0812-3456-7890 saja"
    with pytest.raises(ValidationError, match="Nomor Anda disembunyikan"):
        stall_a.clean()
    sambal.stall = stall_a
    sambal.description = "WA 081234567890"
    with pytest.raises(ValidationError, match="Nomor Anda disembunyikan"):
        sambal.clean()
    stall_a.description = "Buka 04.00 sampai 11.00, sejak 1998, Rp12.500."
    stall_a.clean()


def test_roles_of_a_province_are_not_the_apex(jatim, make_user, client, synced_tree):
    client.force_login(make_user("pengurus-jatim", jatim, Membership.Role.COORDINATOR))
    assert client.get(LISTED).status_code != 200


def test_a_trader_chooses_what_the_stall_deals_in(client, stall_a, trader_a):
    row = Commodity.objects.create(name="Cabai", slug="cabai")
    client.force_login(trader_a)
    address = f"/studio/lapak/{stall_a.key}/"
    assert "<span>Cabai</span>" in client.get(address).content.decode()
    client.post(address, {"name": stall_a.name, "commodities": [row.pk]})
    assert list(stall_a.commodities.all()) == [row]

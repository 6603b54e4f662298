"""Which channel an editor may let another one follow."""

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.channels.models import Channel
from tests.channels.pages import page, text

REFUSED = "Saluran tidak dapat mengikuti dirinya sendiri, juga lewat yang lain."


@pytest.fixture
def make_channel():
    def make(cooperative, slug, **more):
        return Channel.objects.create(cooperative=cooperative, name=slug.title(), slug=slug, **more)

    return make


@pytest.fixture
def market(make_channel, pasar_a):
    return make_channel(pasar_a, "pasar-a")


@pytest.fixture
def province(make_channel, jatim):
    """The province's channel, before viewers are shown it."""
    return make_channel(jatim, "provinsi", listed=False)


def set_parent(client, channel, parent):
    given = {
        "cooperative": channel.cooperative_id,
        "name": channel.name,
        "slug": channel.slug,
        "colour": channel.colour,
        "horizon_hours": channel.horizon_hours,
        "listed": "on",
        "parent": parent.pk if parent else "",
        "fillers": inline_formset([]),
        "own_windows": inline_formset([]),
    }
    return client.post(page("edit", channel), nested_form_data(given))


def offered(client, channel):
    form = client.get(page("edit", channel)).context["form"]
    return {row.slug for row in form.fields["parent"].queryset}


def test_a_market_follows_its_province_before_that_is_public(client, market, province, editor_a):
    client.force_login(editor_a)
    assert set_parent(client, market, province).status_code == 302
    market.refresh_from_db()
    assert market.parent == province


def test_offered_are_the_channels_above_and_those_of_ones_own(
    client, market, province, channel, make_channel, sulsel, pasar_b, editor_a, pasar_a
):
    make_channel(sulsel, "sulsel")
    make_channel(pasar_b, "pasar-b")
    make_channel(pasar_a, "pasar-a-dua")
    client.force_login(editor_a)
    assert offered(client, market) == {"nasional", "provinsi", "pasar-a-dua"}


def test_another_regions_channel_is_refused(client, market, make_channel, sulsel, editor_a):
    other = make_channel(sulsel, "sulsel")
    client.force_login(editor_a)
    assert set_parent(client, market, other).status_code == 200
    market.refresh_from_db()
    assert market.parent is None


def test_what_it_follows_already_may_stay(client, market, make_channel, sulsel, editor_a):
    other = make_channel(sulsel, "sulsel")
    Channel.objects.filter(pk=market.pk).update(parent=other)
    client.force_login(editor_a)
    assert set_parent(client, market, other).status_code == 302


def test_who_has_not_signed_in_may_let_nothing_follow(market, province):
    assert not Channel.objects.followable_by(AnonymousUser()).exists()


def test_a_loop_is_refused_with_one_sentence(client, market, province, channel, editor_national):
    for low, high in ((market, province), (province, channel)):
        Channel.objects.filter(pk=low.pk).update(parent=high)
    client.force_login(editor_national)
    answer = set_parent(client, channel, market)
    assert text(answer).count(REFUSED) == 1
    assert answer.context["form"].errors == {"parent": [REFUSED]}
    channel.refresh_from_db()
    assert channel.parent is None


def test_a_choice_says_whose_channel_it_is(client, market, province, editor_a):
    client.force_login(editor_a)
    assert "Provinsi · Puskoppas Jatim (contoh)" in text(client.get(page("edit", market)))

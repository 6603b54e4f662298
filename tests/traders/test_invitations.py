"""An invitation: used once, by whom it is for, and never a key to another market's account."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from cms.cooperatives.actions import do_add_member
from cms.cooperatives.models import Cooperative, Membership
from cms.cooperatives.people import people_in_care_of
from cms.core.models import User
from cms.traders import invitations
from cms.traders.actions import do_save_stall
from cms.traders.invitations import LIFETIME, Changed, Closed, Way
from cms.traders.models import Invitation, Stall
from tests.traders.made import NEW_NUMBER as NUMBER

Role = Membership.Role


@pytest.fixture
def invite(now: datetime) -> Callable[..., Invitation]:
    """Make an invitation, by the secret "rahasia" unless said otherwise."""

    def make(stall: Stall, sender: User, secret: str = "rahasia") -> Invitation:
        return invitations.do_invite(stall, sender, secret, now)

    return make


def test_only_a_digest_of_the_secret_is_kept(
    new_stall: Stall, coordinator_a: User, invite: Callable[..., Invitation]
) -> None:
    row = invite(new_stall, coordinator_a)
    kept = str(Invitation.objects.filter(pk=row.pk).values().get())
    assert "rahasia" not in kept
    assert invitations.invitation_behind(invitations.token_of("rahasia")) == row


@pytest.mark.parametrize("token", ["", "rahasia", "rahasia.", "rahasia.x", ".", "x" * 5000])
def test_an_altered_link_leads_nowhere(
    new_stall: Stall, coordinator_a: User, invite: Callable[..., Invitation], token: str
) -> None:
    invite(new_stall, coordinator_a)
    assert invitations.invitation_behind(token) is None
    assert invitations.invitation_behind(invitations.token_of("lain")) is None


@pytest.mark.parametrize(
    "who", ["coordinator_b", "moderator_a", "editor_a", "trader_a", "stranger"]
)
def test_only_the_markets_own_coordinator_invites_and_ends_sessions(
    new_stall: Stall, who: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    sender = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        invitations.do_invite(new_stall, sender, "rahasia", now)
    with pytest.raises(PermissionDenied):
        invitations.do_lock_out(new_stall, sender, now)
    assert not Invitation.objects.exists()


def test_the_first_use_makes_the_account_and_the_second_is_refused(
    new_stall: Stall,
    coordinator_a: User,
    pasar_a: Cooperative,
    invite: Callable[..., Invitation],
    now: datetime,
) -> None:
    row = invite(new_stall, coordinator_a)
    assert invitations.way_in(row) == (Way.NEW, None)
    user = invitations.do_make_account(row, "Bu Sri", "402916", now)
    new_stall.refresh_from_db()
    assert new_stall.trader == user
    assert (user.phone, user.first_name, user.check_password("402916")) == (NUMBER, "Bu Sri", True)
    assert list(user.memberships.values_list("cooperative", "role")) == [(pasar_a.pk, Role.TRADER)]
    again = Invitation.objects.get(pk=row.pk)
    with pytest.raises(Closed):
        invitations.do_make_account(again, "Penipu", "730154", now)
    assert User.objects.filter(phone=NUMBER).count() == 1


def test_a_link_ends_with_its_time_with_a_newer_one_and_with_its_senders_role(
    new_stall: Stall, coordinator_a: User, invite: Callable[..., Invitation], now: datetime
) -> None:
    first = invite(new_stall, coordinator_a, "satu")
    second = invite(new_stall, coordinator_a, "dua")
    first.refresh_from_db()
    assert not invitations.is_open(first, now)
    assert invitations.is_open(second, now + LIFETIME - timedelta(seconds=1))
    late = now + LIFETIME
    assert not invitations.is_open(second, late)
    for row, moment in ((first, now), (second, late)):
        with pytest.raises(Closed):
            invitations.do_make_account(row, "Bu Sri", "402916", moment)
    coordinator_a.memberships.all().delete()
    assert not invitations.is_open(second, now)
    with pytest.raises(Closed):
        invitations.do_make_account(second, "Bu Sri", "402916", now)
    assert not User.objects.filter(phone=NUMBER).exists()


def test_a_number_that_has_become_somebodys_uses_nothing_up(
    new_stall: Stall,
    coordinator_a: User,
    make_user: Callable[..., User],
    invite: Callable[..., Invitation],
    now: datetime,
) -> None:
    row = invite(new_stall, coordinator_a)
    holder = make_user("sudah-ada")
    User.objects.filter(pk=holder.pk).update(phone=NUMBER)
    with pytest.raises(Changed):
        invitations.do_make_account(row, "Bu Sri", "402916", now)
    row.refresh_from_db()
    assert invitations.is_open(row, now)
    assert invitations.way_in(row) == (Way.JOIN, holder)


def test_the_own_coordinator_gives_a_new_pin(
    stall_a: Stall,
    trader_a: User,
    coordinator_a: User,
    invite: Callable[..., Invitation],
    now: datetime,
) -> None:
    row = invite(stall_a, coordinator_a)
    assert invitations.way_in(row) == (Way.RENEW, trader_a)
    before = trader_a.get_session_auth_hash()
    invitations.do_renew(row, trader_a, "402916", now)
    trader_a.refresh_from_db()
    assert trader_a.check_password("402916")
    assert trader_a.get_session_auth_hash() != before


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.TRADER, "pasar_b"),
        (Role.EDITOR, "pasar_a"),
        (Role.COORDINATOR, "pasar_a"),
        (Role.EDITOR, "pasar_b"),
    ],
)
def test_who_has_another_role_keeps_the_pin_whatever_link_comes(
    stall_a: Stall,
    trader_a: User,
    coordinator_a: User,
    invite: Callable[..., Invitation],
    now: datetime,
    role: Role,
    place: str,
    request: pytest.FixtureRequest,
) -> None:
    row = invite(stall_a, coordinator_a)
    do_add_member(trader_a, request.getfixturevalue(place), role)
    assert invitations.way_in(row) == (Way.JOIN, trader_a)
    with pytest.raises(Changed):
        invitations.do_renew(row, trader_a, "402916", now)
    trader_a.refresh_from_db()
    assert trader_a.check_password("kata sandi contoh")


def test_a_stall_elsewhere_is_enough_even_where_the_membership_is_gone(
    stall_a: Stall, stall_b: Stall, trader_a: User, coordinator_a: User
) -> None:
    Stall.objects.filter(pk=stall_b.pk).update(trader=trader_a)
    assert not invitations.may_renew(coordinator_a, trader_a)


def test_who_looks_after_both_markets_may_renew(
    stall_a: Stall,
    stall_b: Stall,
    trader_a: User,
    jatim: Cooperative,
    pasar_b: Cooperative,
    make_user: Callable[..., User],
) -> None:
    Stall.objects.filter(pk=stall_b.pk).update(trader=trader_a)
    do_add_member(trader_a, pasar_b, Role.TRADER)
    above = make_user("pengurus-jatim", jatim, Role.COORDINATOR)
    assert invitations.may_renew(above, trader_a)


def test_another_markets_link_to_a_known_number_changes_nothing_of_the_account(
    stall_a: Stall,
    trader_a: User,
    pasar_b: Cooperative,
    coordinator_b: User,
    invite: Callable[..., Invitation],
    now: datetime,
) -> None:
    User.objects.filter(pk=trader_a.pk).update(phone=NUMBER)
    bait = Stall.objects.create(
        cooperative=pasar_b, name="Umpan (contoh)", slug="umpan", whatsapp=NUMBER
    )
    row = invite(bait, coordinator_b)
    assert invitations.way_in(row) == (Way.JOIN, trader_a)
    for act in (
        lambda: invitations.do_make_account(row, "Penipu", "402916", now),
        lambda: invitations.do_renew(row, trader_a, "402916", now),
    ):
        with pytest.raises(Changed):
            act()
    before = trader_a.get_session_auth_hash()
    invitations.do_lock_out(bait, coordinator_b, now)
    trader_a.refresh_from_db()
    assert trader_a.check_password("kata sandi contoh")
    assert trader_a.get_session_auth_hash() == before
    assert not trader_a.memberships.filter(cooperative=pasar_b).exists()


def test_a_lost_phone_ends_sessions_links_and_the_pin(
    stall_a: Stall,
    trader_a: User,
    coordinator_a: User,
    invite: Callable[..., Invitation],
    now: datetime,
) -> None:
    row = invite(stall_a, coordinator_a)
    before = trader_a.get_session_auth_hash()
    invitations.do_lock_out(stall_a, coordinator_a, now)
    trader_a.refresh_from_db()
    row.refresh_from_db()
    assert trader_a.get_session_auth_hash() != before
    assert not trader_a.has_usable_password()
    assert not invitations.is_open(row, now)


def test_a_lost_phone_of_a_trader_in_two_markets_ends_sessions_and_keeps_the_pin(
    stall_a: Stall, trader_a: User, pasar_b: Cooperative, coordinator_a: User, now: datetime
) -> None:
    do_add_member(trader_a, pasar_b, Role.TRADER)
    before = trader_a.get_session_auth_hash()
    invitations.do_lock_out(stall_a, coordinator_a, now)
    trader_a.refresh_from_db()
    assert trader_a.get_session_auth_hash() != before
    assert trader_a.check_password("kata sandi contoh")


def test_who_is_given_a_stall_in_the_cms_is_a_trader_there_and_in_nobody_elses_sole_care(
    stall_a: Stall,
    stall_b: Stall,
    trader_a: User,
    coordinator_a: User,
    superuser: User,
    now: datetime,
) -> None:
    assert people_in_care_of(coordinator_a).filter(pk=trader_a.pk).exists()
    stall_b.trader = trader_a
    do_save_stall(stall_b, superuser, now)
    assert trader_a.memberships.filter(cooperative=stall_b.cooperative, role=Role.TRADER).exists()
    assert not people_in_care_of(coordinator_a).filter(pk=trader_a.pk).exists()

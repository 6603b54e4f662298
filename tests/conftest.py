"""What many tests need: a small tree of co-operatives and people with roles in it.

inkoppas ─┬─ jatim ─┬─ pasar_a
          │         └─ pasar_b
          └─ sulsel ── pasar_c
"""

from collections.abc import Callable

import pytest

from cms.cooperatives.actions import do_add_member, do_sync_all
from cms.cooperatives.models import Cooperative, Membership, Region
from cms.core.models import User

Role = Membership.Role


@pytest.fixture
def inkoppas(db: None) -> Cooperative:
    """The national apex."""
    return Cooperative.add_root(
        name="Inkoppas (contoh)", slug="inkoppas", level="inkoppas", city="Jakarta"
    )


@pytest.fixture
def jatim(inkoppas: Cooperative) -> Cooperative:
    """A province with two markets."""
    region = Region.objects.create(name="Jawa Timur", slug="jawa-timur")
    return inkoppas.add_child(
        name="Puskoppas Jatim (contoh)",
        slug="jatim",
        level="puskoppas",
        city="Surabaya",
        region=region,
    )


@pytest.fixture
def sulsel(inkoppas: Cooperative) -> Cooperative:
    """Another province, in another time zone."""
    region = Region.objects.create(name="Sulawesi Selatan", slug="sulawesi-selatan")
    return inkoppas.add_child(
        name="Puskoppas Sulsel (contoh)",
        slug="sulsel",
        level="puskoppas",
        city="Makassar",
        zone="Asia/Makassar",
        region=region,
    )


def _market(province: Cooperative, letter: str) -> Cooperative:
    return province.add_child(
        name=f"Koppas {letter.upper()} (contoh)",
        slug=f"pasar-{letter}",
        level="koppas",
        market=f"Pasar {letter.upper()}",
        city=province.city,
        zone=province.zone,
        region=province.region,
    )


@pytest.fixture
def pasar_a(jatim: Cooperative) -> Cooperative:
    """A market in jatim."""
    return _market(jatim, "a")


@pytest.fixture
def pasar_b(jatim: Cooperative) -> Cooperative:
    """The other market in jatim."""
    return _market(jatim, "b")


@pytest.fixture
def pasar_c(sulsel: Cooperative) -> Cooperative:
    """A market in sulsel."""
    return _market(sulsel, "c")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a user, with a role in a co-operative if one is given."""

    def make(name: str, cooperative: Cooperative | None = None, role: Role | None = None) -> User:
        user = User.objects.create_user(username=name, password="kata sandi contoh")
        if cooperative is not None and role is not None:
            do_add_member(user, cooperative, role)
        return user

    return make


@pytest.fixture
def superuser(db: None) -> User:
    """Who may do everything."""
    return User.objects.create_superuser(username="pengelola", password="kata sandi contoh")


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    """Signed in, and belonging to nothing."""
    return make_user("orang-luar")


@pytest.fixture
def editor_national(make_user: Callable[..., User], inkoppas: Cooperative) -> User:
    """Edits everywhere, from the top of the tree."""
    return make_user("redaksi-nasional", inkoppas, Role.EDITOR)


@pytest.fixture
def editor_jatim(make_user: Callable[..., User], jatim: Cooperative) -> User:
    """Edits in jatim and its markets."""
    return make_user("redaksi-jatim", jatim, Role.EDITOR)


@pytest.fixture
def editor_sulsel(make_user: Callable[..., User], sulsel: Cooperative) -> User:
    """Edits in another region."""
    return make_user("redaksi-sulsel", sulsel, Role.EDITOR)


@pytest.fixture
def editor_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Edits in market A."""
    return make_user("redaksi-a", pasar_a, Role.EDITOR)


@pytest.fixture
def editor_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Edits in market B."""
    return make_user("redaksi-b", pasar_b, Role.EDITOR)


@pytest.fixture
def moderator_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Publishes in market A."""
    return make_user("moderator-a", pasar_a, Role.MODERATOR)


@pytest.fixture
def coordinator_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Vouches for the traders of market A."""
    return make_user("pengurus-a", pasar_a, Role.COORDINATOR)


@pytest.fixture
def coordinator_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Vouches for the traders of market B."""
    return make_user("pengurus-b", pasar_b, Role.COORDINATOR)


@pytest.fixture
def trader_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Sells in market A."""
    return make_user("pedagang-a", pasar_a, Role.TRADER)


@pytest.fixture
def trader_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Sells in market B."""
    return make_user("pedagang-b", pasar_b, Role.TRADER)


@pytest.fixture
def synced_tree(pasar_a: Cooperative, pasar_b: Cooperative, pasar_c: Cooperative) -> None:
    """The whole tree with its sections, collections and groups."""
    do_sync_all()

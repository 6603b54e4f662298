"""The demo's tree of co-operatives and its accounts."""

from collections.abc import Mapping
from datetime import datetime

from cms.articles.actions import do_ensure_root
from cms.cooperatives.actions import do_add_member, do_sync_cooperative
from cms.cooperatives.models import Cooperative, Region
from cms.core.models import User
from cms.core.phone import normalise
from cms.demo.content.market import WHATSAPP
from cms.demo.content.places import CATEGORIES, LOGINS, PLACES, Login, Place
from cms.videos.models import Category


def do_create_places(now: datetime) -> dict[str, Cooperative]:
    """Return the demo's co-operatives by slug, those that are missing made, with their pages."""
    root = do_ensure_root(now)
    if not root.intro:
        root.intro = "Kabar dari pasar dan koperasi. Semua isi di sini contoh."
        root.save()
    found: dict[str, Cooperative] = {}
    for place in PLACES:
        cooperative = Cooperative.objects.filter(slug=place.slug).first()
        if cooperative is None:
            cooperative = _create_place(place, found.get(place.above))
            do_sync_cooperative(cooperative)
        found[place.slug] = cooperative
    for slug, name in CATEGORIES.items():
        Category.objects.get_or_create(slug=slug, defaults={"name": name})
    return found


def _create_place(place: Place, above: Cooperative | None) -> Cooperative:
    region = None
    if place.region:
        slug = place.region.lower().replace(" ", "-")
        region, _ = Region.objects.get_or_create(slug=slug, defaults={"name": place.region})
    cooperative = Cooperative(
        name=place.name,
        slug=place.slug,
        level=place.level,
        market=place.market,
        city=place.city,
        zone=place.zone,
        region=region,
        whatsapp=normalise(WHATSAPP),
    )
    if above is None:
        return Cooperative.add_root(instance=cooperative)
    # treebeard counts children in memory: the parent may be one that was made just now.
    above.refresh_from_db()
    return above.add_child(instance=cooperative)


def do_create_people(
    places: Mapping[str, Cooperative], passwords: Mapping[str, str]
) -> dict[str, User]:
    """Return the demo's accounts by name; those that are missing get the password given."""
    return {login.name: _ensure_user(login, places, passwords) for login in LOGINS}


def _ensure_user(
    login: Login, places: Mapping[str, Cooperative], passwords: Mapping[str, str]
) -> User:
    held = User.objects.filter(username=login.name).first()
    if held is not None:
        return held
    everything = login.role is None
    user = User.objects.create_user(
        username=login.name,
        password=passwords[login.name],
        first_name=login.shown,
        is_staff=everything,
        is_superuser=everything,
    )
    if login.role is not None:
        do_add_member(user, places[login.cooperative], login.role)
    return user

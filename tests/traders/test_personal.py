"""A trader's own data: taken down, brought back, erased so that nothing names anybody."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import override_settings
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from cms.channels.models import AiredEntry, Channel, SegmentAiring
from cms.cooperatives.actions import do_add_member
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.actions import do_delete, do_save_stall
from cms.traders.models import (
    Certificate,
    Clip,
    Consent,
    FeaturedSegment,
    FormerConsent,
    Product,
    ProductPhoto,
    Stall,
)
from cms.traders.personal.copy import record_of
from cms.traders.personal.erasing import do_erase
from cms.traders.personal.takedown import do_bring_back, do_bring_back_all, do_take_down_all
from cms.traders.spots.actions import do_delete_spot
from cms.videos.models import Media, Publication, Video
from media_pipeline.model.keys import takedown_mark
from tests.airings import make_airing

NAMES = ["Zulaikha", "+6281377712345", "81377712345", "0813-7771-2345", "Rendang Uni Zul"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[None]:
    """A published store and a media folder of their own."""
    folder = tmp_path / "published"
    folder.mkdir()
    published = {"kind": "local", "folder": folder}
    with override_settings(PUBLISHED=published, MEDIA_ROOT=tmp_path / "media"):
        yield


@pytest.fixture
def spot(segment_a: FeaturedSegment, make_video: Callable[..., Video]) -> FeaturedSegment:
    """A spot of stall A beside its card in the market's own video; both are approved."""
    segment_a.state = FeaturedSegment.State.APPROVED
    segment_a.save()
    video = make_video(segment_a.product.stall.cooperative, "Rendang Uni Zul spot", seconds=15)
    return FeaturedSegment.objects.create(
        product=segment_a.product, video=video, end=15, kind="spot", state="approved"
    )


@pytest.fixture
def zulaikha(spot: FeaturedSegment, now: datetime, coordinator_a: User) -> User:
    """The trader of stall A, with everything that may hold a name or number."""
    product, stall = spot.product, spot.product.stall
    user = stall.trader
    assert user is not None
    user.username, user.first_name, user.phone = "081377712345", "Zulaikha", "+6281377712345"
    user.save()
    stall.name, stall.description = "Rendang Uni Zul", "Zulaikha memasak sendiri."
    stall.whatsapp, stall.market = "+6281377712345", "Los Zulaikha"
    do_save_stall(stall, coordinator_a, now)
    product.name, product.image = "Rendang Uni Zul 500 g", _image("depan")
    product.save()
    ProductPhoto.objects.create(product=product, image=_image("samping"))
    Certificate.objects.create(
        product=product, kind="halal", number="Zulaikha-1", expires_on=now.date(), image=_image("s")
    )
    Consent.objects.create(
        stall=stall,
        kind="contact",
        way="paper",
        wording="Saya, Zulaikha, 0813-7771-2345, setuju.",
        given_at=now,
        recorded_by=coordinator_a,
    )
    for row, action in (
        (stall, "wagtail.edit"),
        (product, "wagtail.create"),
        (user, "wagtail.edit"),
    ):
        log(row, action, user=coordinator_a, title="Rendang Uni Zul", data={"title": "Zulaikha"})
    spot.video.save_revision(user=user)
    for name in ("081377712345", f"{user.username} Hk3xPerangkat"):
        AccessAttempt.objects.create(
            username=name, ip_address="192.0.2.7", user_agent="", failures_since_start=1
        )
    return user


def _image(name: str):
    return get_image_model().objects.create(
        title=f"Rendang Uni Zul {name}", file=get_test_image_file(f"{name}.png")
    )


def everything() -> str:
    """Return all that the database holds, as text."""
    if connection.vendor == "sqlite":
        return "\n".join(connection.connection.iterdump())
    models = (m for m in apps.get_models(include_auto_created=True) if m._meta.managed)
    return "\n".join(str(row) for model in models for row in model._base_manager.values())


def _aired(channel: Channel, spot: FeaturedSegment, now: datetime) -> None:
    AiredEntry.objects.create(
        channel=channel,
        day=now.date(),
        entry="1",
        start=now,
        kind="promotion",
        title="Rendang Uni Zul",
        programme=str(spot.video.key),
        publication="0" * 32,
        cards=[spot.key.hex],
        end=now,
        promised_ms=15_000,
        shown_ms=15_000,
        status="aired",
    )


def test_taking_down_hides_stall_product_card_and_spot_at_once(zulaikha, spot, now):
    assert do_take_down_all(zulaikha, now) == 1
    assert not Stall.objects.public().filter(trader=zulaikha).exists()
    assert not Product.objects.public().filter(stall__trader=zulaikha).exists()
    assert not FeaturedSegment.objects.showing().exists()
    assert not FeaturedSegment.objects.may_air_on(now.date()).exists()
    assert not Video.objects.public().filter(pk=spot.video_id).exists()
    assert Video.objects.public().filter(title="Dapur Pasar").exists()
    assert do_take_down_all(zulaikha, now) == 0


def test_bringing_back_leaves_what_was_hidden_for_another_reason(
    zulaikha, spot, now, make_video, pasar_a
):
    other = make_video(pasar_a, "Ditarik redaksi", seconds=15)
    FeaturedSegment.objects.create(product=spot.product, video=other, end=15, kind="spot")
    other.media.withdrawn_at = now - timedelta(days=1)
    other.media.save()
    do_take_down_all(zulaikha, now)
    assert do_bring_back_all(zulaikha, now + timedelta(days=400)) == 1
    assert FeaturedSegment.objects.showing().count() == 2
    assert Video.objects.public().filter(pk=spot.video_id).exists()
    other.media.refresh_from_db()
    assert other.media.withdrawn_at is not None


def test_a_stall_that_the_co_operative_hides_is_not_brought_back_by_its_trader(zulaikha, spot, now):
    Stall.objects.filter(trader=zulaikha).update(active=False)
    assert do_take_down_all(zulaikha, now) == 0
    assert not Video.objects.public().filter(pk=spot.video_id).exists()
    assert do_bring_back_all(zulaikha, now) == 0
    assert not Stall.objects.public().filter(trader=zulaikha).exists()


def test_the_coordinator_brings_back_for_thirty_days_and_nobody_elses(
    zulaikha, spot, now, coordinator_a, coordinator_b, editor_a
):
    stall = spot.product.stall
    with pytest.raises(Refused):
        do_bring_back(stall, coordinator_a, now)
    do_take_down_all(zulaikha, now)
    for stranger in (coordinator_b, editor_a):
        with pytest.raises(PermissionDenied):
            do_bring_back(stall, stranger, now)
    with pytest.raises(Refused, match="30 hari"):
        do_bring_back(stall, coordinator_a, now + timedelta(days=30, seconds=1))
    do_bring_back(stall, coordinator_a, now + timedelta(days=30))
    stall.refresh_from_db()
    assert (stall.active, stall.taken_down_at) == (True, None)


def test_no_form_shows_what_its_trader_took_down(zulaikha, spot, now):
    do_take_down_all(zulaikha, now)
    stall = Stall.objects.get(trader=zulaikha)
    stall.full_clean()
    stall.active = True
    with pytest.raises(ValidationError, match="Pulihkan lapak"):
        stall.full_clean()


def test_erasing_leaves_no_personal_string_in_the_database(zulaikha, spot, now):
    held = everything()
    assert all(name in held for name in NAMES if name != "0813-7771-2345")
    do_erase(zulaikha, now)
    held = everything()
    assert [name for name in [*NAMES, "Zul"] if name.casefold() in held.casefold()] == []


def test_erasing_reaches_what_tells_of_rows_that_were_deleted_before(
    zulaikha, spot, now, coordinator_a, inkoppas
):
    channel = Channel.objects.create(cooperative=inkoppas, name="Nasional", slug="nasional")
    _aired(channel, spot, now)
    log(spot.video, "wagtail.edit", user=coordinator_a, title="Rendang Uni Zul")
    log(spot.product, "wagtail.delete", user=coordinator_a, deleted=True)
    product = spot.product
    # As the Studio does: of a product that is gone, nothing else tells whose its photos are.
    get_image_model().objects.update(uploaded_by_user=zulaikha)
    do_delete_spot(spot, now, user=zulaikha)
    do_delete(product, now)
    entries = ModelLogEntry.objects.filter(label__contains="Rendang Uni Zul")
    assert entries.count() >= 4, "until then the co-operative reads what was deleted"
    do_erase(zulaikha, now)
    held = everything()
    assert [name for name in [*NAMES, "Zul"] if name.casefold() in held.casefold()] == []


def test_erasing_ends_the_account_and_deletes_photos_and_films(
    zulaikha, spot, now, django_capture_on_commit_callbacks, tmp_path
):
    photos = list((tmp_path / "media").rglob("*.png"))
    assert len(photos) == 3
    Publication.objects.create(id="f" * 32, video=spot.video, created=now)
    with django_capture_on_commit_callbacks(execute=True):
        do_erase(zulaikha, now)
    assert not any(photo.exists() for photo in photos)
    zulaikha.refresh_from_db()
    assert not zulaikha.is_active
    assert not zulaikha.has_usable_password()
    assert not zulaikha.memberships.exists()
    assert not Video.objects.filter(pk=spot.video_id).exists()
    assert (tmp_path / "published" / takedown_mark("f" * 32)).exists()


def test_consents_stay_of_nobody(zulaikha, now):
    do_erase(zulaikha, now)
    row = FormerConsent.objects.get()
    assert (row.kind, row.way, row.given_on) == ("contact", "paper", now.date())
    assert row.wording == "Saya, …, …, setuju."
    assert not Consent.objects.exists()


def test_what_aired_stays_without_the_title_that_names_the_stall(zulaikha, spot, now, inkoppas):
    channel = Channel.objects.create(cooperative=inkoppas, name="Nasional", slug="nasional")
    _aired(channel, spot, now)
    make_airing(channel, spot, now, "aired", entry="1")
    [told] = record_of(zulaikha, now)["airings"]
    assert told["segment"] == spot.key
    do_erase(zulaikha, now)
    row = AiredEntry.objects.get()
    assert (row.title, row.label, row.cards) == ("", "Promosi", [spot.key.hex])
    assert SegmentAiring.objects.get().segment_key == spot.key


def test_photos_and_films_of_what_was_deleted_before_go_too(zulaikha, spot, now):
    old = _image("lama")
    old.uploaded_by_user = zulaikha
    old.save()
    clip = Clip.objects.create(
        product=None,
        source="photos",
        state="made",
        begin=0,
        seconds=15,
        created_at=now,
        created_by=zulaikha,
    )
    video, stall = spot.video, spot.product.stall
    Media.objects.filter(video=video).update(upload=clip.key.hex)
    do_delete(spot.product, now)
    do_erase(zulaikha, now)
    assert not get_image_model().objects.filter(pk=old.pk).exists()
    assert not Video.objects.filter(pk=video.pk).exists()
    assert not Clip.objects.exists()
    assert not Stall.objects.filter(pk=stall.pk).exists()


def test_a_photo_that_another_stall_shows_too_stays(zulaikha, spot, now, tempe):
    Product.objects.filter(pk=tempe.pk).update(image=spot.product.image)
    do_erase(zulaikha, now)
    assert get_image_model().objects.count() == 1


def test_other_traders_keep_theirs(zulaikha, now, tempe, trader_b):
    do_erase(zulaikha, now)
    assert Stall.objects.get().trader == trader_b
    assert Product.objects.get() == tempe


def test_an_account_with_a_role_in_the_cms_is_not_erased(zulaikha, now, pasar_b):
    do_add_member(zulaikha, pasar_b, "editor")
    with pytest.raises(Refused, match="bertugas di koperasi"):
        do_erase(zulaikha, now)
    assert Stall.objects.filter(trader=zulaikha).exists()

"""The cards of prayer times: videos like any other, made by code once an install."""

import tempfile
import threading
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from cms.channels import card
from cms.channels.prayer.models import Azan, InstallCard
from cms.channels.prayer.schedule import CARDS, RAMADAN_CARDS, fasts
from cms.cooperatives.models import Cooperative
from cms.videos.actions import do_create_video
from cms.videos.models import Video

SECONDS = 20
"""A card's five segments, shown in turns: so it is encoded while a prayer is still far, and
whole minutes end with a turn."""
_filming = threading.Lock()
AHEAD = timedelta(days=7)
"""Cards of Ramadan are made so long before it."""


def do_ensure_card(now: datetime, seconds: int | None = None) -> Video | None:
    """Make one card that is missing and asked for; None if there is none to make.

    One at a time: filming takes seconds, on a busy machine more than the minute after which
    the next look comes.
    """
    if not _filming.acquire(blocking=False):
        return None
    try:
        return _do_make_missing(now, seconds)
    finally:
        _filming.release()


def _do_make_missing(now: datetime, seconds: int | None) -> Video | None:
    wanted = _wanted(now.date())
    held = InstallCard.objects.filter(card__in=wanted, video__media__taken_down_at=None)
    missing = wanted - set(held.values_list("card", flat=True))
    apex = Cooperative.get_first_root_node()
    if not missing or apex is None:
        return None
    name = next(card for card in CARDS if card in missing)
    with tempfile.TemporaryDirectory(prefix="siar-card-") as folder:
        made = card.film(Path(folder) / f"{name}.mp4", seconds or SECONDS, words(name))
        with transaction.atomic():
            video = do_create_video(apex, f"Kartu: {' '.join(words(name))}", made, None, now)
            InstallCard.objects.update_or_create(card=name, defaults={"video": video})
    return video


def words(name: str) -> tuple[str, str]:
    """Return what stands on a card, large and small."""
    if name == "imsak":
        return "Imsak", "10 menit menuju subuh"
    if name in RAMADAN_CARDS:
        return f"{name.removeprefix('buka-')} menit", "menuju buka puasa"
    return name.capitalize(), "waktunya salat"


def _wanted(today: date) -> set[str]:
    wanted: set[str] = set()
    for azan in Azan.objects.filter(enabled=True).select_related("channel__cooperative"):
        setting = azan.setting()
        if setting is None:
            continue
        if azan.clip_id is None:
            wanted |= set(setting.prayers)
        if fasts(setting, today) or fasts(setting, today + AHEAD):
            wanted |= set(RAMADAN_CARDS)
    return wanted

"""Photos on their way: sent by the uploads of `cms.videos`, kept until their form is saved."""

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.studio.access import stalls_of
from cms.studio.models import SentPhoto
from cms.studio.photos import LARGEST_FILE, check_photo
from cms.traders.models import Stall
from cms.traders.personal.doors import Leaving
from cms.videos.models.machine import originals
from cms.videos.words import uploading

PURPOSE = "photo"
"""What an upload says that it is for."""
KEEP = timedelta(days=3)
"""How long a photo waits for its form, as long as an upload for its rest."""
MOST_WAITING = 24
"""Photos of one trader that wait; one more, and the oldest goes."""


class PhotoPurpose:
    """The rules of those uploads: of a trader, small, for any form of theirs."""

    largest = LARGEST_FILE
    most_open = 12

    def may_send(self, user: User) -> bool:
        return stalls_of(user).exists()

    def place_of(self, user: User, target: str) -> Cooperative | None:
        stall: Stall | None = stalls_of(user).first()
        return stall.cooperative if stall else None

    def do_arrive(
        self, original: str, user: User, now: datetime, *, target: str, name: str, upload: str
    ) -> int:
        row = SentPhoto.objects.filter(upload=upload).first()
        if row is None:
            try:
                with originals().open(original, "rb") as file:
                    photo = check_photo(file)
            except ValidationError as refused:
                raise Refused(" ".join(refused.messages)) from refused
            row = do_keep_waiting(photo, user, now, name=name, upload=upload)
        originals().delete(original)
        return row.pk

    def do_take_back(self, became: int, upload: str, now: datetime) -> bool:
        deleted, _of_what = SentPhoto.objects.filter(pk=became, upload=upload).delete()
        return deleted > 0


def waiting_of(user: User) -> QuerySet[SentPhoto]:
    """Return the photos of `user` that wait for a form."""
    return SentPhoto.objects.filter(user=user)


@transaction.atomic
def do_keep_waiting(
    photo: ContentFile, user: User, now: datetime, *, name: str = "", upload: str = ""
) -> SentPhoto:
    """Keep a checked photo until its form is saved."""
    values = {"user": user, "name": name, "upload": upload, "sent_at": now}
    row = SentPhoto.objects.create(jpeg=photo.read(), **values)
    newest = waiting_of(user).order_by("-pk").values_list("pk", flat=True)[:MOST_WAITING]
    waiting_of(user).exclude(pk__in=list(newest)).delete()
    return row


def as_file(row: SentPhoto) -> ContentFile:
    """Return a waiting photo as a checked one."""
    return ContentFile(bytes(row.jpeg))


def do_forget(rows: Iterable[SentPhoto]) -> None:
    """Delete photos that wait no more."""
    SentPhoto.objects.filter(pk__in=[row.pk for row in rows]).delete()


def do_sweep(now: datetime) -> int:
    """Delete what has waited for longer than KEEP; return how many."""
    deleted, _of_what = SentPhoto.objects.filter(sent_at__lt=now - KEEP).delete()
    return deleted


def tell_waiting(user: User) -> list[dict[str, Any]]:
    """Return the photos of `user` that wait, with their bytes in base64."""
    return [
        {"name": row.name, "sent_at": row.sent_at, "jpeg": base64.b64encode(row.jpeg).decode()}
        for row in waiting_of(user)
    ]


def do_forget_owner(leaving: Leaving) -> None:
    """Delete the photos that wait of the trader who leaves."""
    traders = Stall.objects.filter(pk__in=leaving.stalls).values("trader")
    SentPhoto.objects.filter(user__in=traders).delete()


def words() -> dict[str, str]:
    """Return what the script says while photos are sent, in the person's language."""
    return uploading.words() | {
        "shrinking": _("Menyiapkan foto…"),
        "arrived": _("Foto sudah sampai. Simpan formulir untuk memakainya."),
        "later": _("Foto sudah sampai, tetapi belum dapat dibuka. Buang, lalu pilih lagi."),
        "broken": _("Sambungan terputus. Foto berlanjut sendiri saat sinyal kembali."),
        "failed": _("Foto belum terkirim. Tekan Ulangi untuk mencoba lagi."),
        "too_big": _("Foto ini lebih dari 12 MB. Pilih foto yang lebih kecil."),
        "empty": _("Berkas ini bukan foto, atau rusak. Pilih foto lain."),
        "twice": _("Foto ini sudah ada di sini."),
        "too_many": _("Foto tambahan paling banyak 5. Buang dulu yang lain."),
        "remove": _("Buang"),
        "saving": _("Menunggu foto sampai. Formulir tersimpan sendiri sesudahnya."),
        "unsent": _("Ada foto yang belum terkirim. Ulangi atau batalkan foto itu, lalu simpan."),
    }

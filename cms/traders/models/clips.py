"""Clips: how a spot comes to be, from a product's photos or from a film off a phone.

| from    | event                                            | to      |
| ------- | ------------------------------------------------ | ------- |
| (none)  | a trader asks for one from photos                | waiting |
| (none)  | a trader begins one from a film                  | sending |
| sending | the film is there, and which part of it is taken | waiting |
| waiting | a worker claims it                               | making  |
| making  | its lease has run out, or the place was at fault | waiting |
| making  | its video and its segment are there              | made    |
| making  | it cannot be made                                | failed  |
| failed  | asked for again; of a film, another is sent      | waiting, sending |

Every move is a conditional UPDATE that says whether it happened. What is encoded
afterwards stands with the segment's video.
"""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.traders.models.products import Product
from cms.traders.models.segments import FeaturedSegment
from cms.traders.querysets import OfProductQuerySet

LEASE = timedelta(minutes=2)
"""How long a worker may say nothing before another takes the clip over."""
ATTEMPTS = 3
"""Workers that may be lost at one clip before it counts as one that cannot be made."""


class ClipQuerySet(OfProductQuerySet):
    """Clips, and their moves."""

    def due(self, now: datetime) -> Self:
        """Those that a worker is to take now, the oldest first."""
        lost = Q(state=Clip.State.MAKING, leased_until__lt=now)
        waits = Q(state=Clip.State.WAITING) & (Q(leased_until=None) | Q(leased_until__lt=now))
        return self.filter(waits | lost, attempts__lt=ATTEMPTS).order_by("pk")

    def claim(self, pk: int, owner: str, now: datetime) -> bool:
        """waiting, or making with a lease that has run out → making."""
        values = {"state": Clip.State.MAKING, "lease_owner": owner, "leased_until": now + LEASE}
        rows = self.due(now).filter(pk=pk).order_by()
        return bool(rows.update(attempts=models.F("attempts") + 1, **values))

    def renew(self, pk: int, owner: str, now: datetime) -> bool:
        """Say that the worker is at it still; False if the clip is not its any more."""
        return bool(self._held(pk, owner).update(leased_until=now + LEASE))

    def finish(self, pk: int, owner: str, segment: FeaturedSegment, shown: str) -> bool:
        """making → made."""
        values = {"state": Clip.State.MADE, "segment": segment, "shown": shown, "error_code": ""}
        return bool(self._held(pk, owner).update(**values))

    def fail(self, pk: int, owner: str, code: str) -> bool:
        """making → failed."""
        return bool(self._held(pk, owner).update(state=Clip.State.FAILED, error_code=code))

    def put_back(self, pk: int, owner: str, until: datetime) -> bool:
        """making → waiting, to be tried again at `until`: what went wrong is not the clip's fault."""
        return bool(
            self._held(pk, owner).update(
                state=Clip.State.WAITING,
                leased_until=until,
                attempts=models.F("attempts") - 1,
            )
        )

    def receive(self, pk: int, film: str, name: str, upload: str) -> bool:
        """Note the film of a clip that is sending and has none."""
        rows = self.filter(pk=pk, state=Clip.State.SENDING, film="")
        return bool(rows.update(film=film, film_name=name, upload=upload))

    def mark(self, pk: int, begin: Decimal, seconds: int) -> bool:
        """Note which part of its film is wanted, while it is sending."""
        rows = self.filter(pk=pk, state=Clip.State.SENDING)
        return bool(rows.update(begin=begin, seconds=seconds))

    def complete(self, pk: int) -> bool:
        """sending → waiting, once film and part are known."""
        rows = self.filter(pk=pk, state=Clip.State.SENDING, begin__isnull=False).exclude(film="")
        return bool(rows.update(state=Clip.State.WAITING))

    def ask_again(self, pk: int) -> bool:
        """failed → waiting, of photos; → sending, of a film, of which a part is marked anew."""
        rows = self.filter(pk=pk, state=Clip.State.FAILED)
        values: dict[str, Any] = {"attempts": 0, "leased_until": None, "error_code": ""}
        photos = rows.filter(source=Clip.Source.PHOTOS)
        if photos.update(state=Clip.State.WAITING, **values):
            return True
        return bool(rows.update(state=Clip.State.SENDING, begin=None, **values))

    def drop_film(self, pk: int) -> bool:
        """Forget the film: it is used up, or of no use."""
        return bool(self.filter(pk=pk).update(film="", upload=""))

    def condemn(self, now: datetime) -> int:
        """making → failed, of those that have cost too many workers; return how many."""
        rows = self.filter(state=Clip.State.MAKING, leased_until__lt=now, attempts__gte=ATTEMPTS)
        return rows.update(state=Clip.State.FAILED, error_code="unexpected")

    def _held(self, pk: int, owner: str) -> Self:
        return self.filter(pk=pk, state=Clip.State.MAKING, lease_owner=owner)


class Clip(models.Model):
    """A row of the table above; `seconds` of it are aired, from `begin` of the film on."""

    class Source(models.TextChoices):
        PHOTOS = "photos", _("dari foto")
        FILM = "film", _("dari klip")

    class State(models.TextChoices):
        SENDING = "sending", _("Dikirim")
        WAITING = "waiting", _("Menunggu")
        MAKING = "making", _("Dibuat")
        MADE = "made", _("Jadi")
        FAILED = "failed", _("Gagal")

    class Length(models.IntegerChoices):
        SHORT = 15, _("15 detik")
        MIDDLE = 30, _("30 detik")
        LONG = 60, _("60 detik")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="clips")
    """None once the product is deleted: the sweep then removes film and row."""
    source = models.CharField(_("bahan"), max_length=6, choices=Source.choices)
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices)
    begin = models.DecimalField(
        _("mulai (detik)"),
        max_digits=8,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("Mulai tidak boleh kurang dari 0."))],
    )
    seconds = models.PositiveSmallIntegerField(
        _("panjang"), choices=Length.choices, default=Length.SHORT
    )
    film = models.CharField(max_length=255, blank=True)
    """What the film is called in the storage of originals, "" while there is none."""
    film_name = models.CharField(max_length=255, blank=True)
    upload = models.CharField(max_length=32, blank=True)
    """Id of the upload that brought it."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    segment = models.OneToOneField(
        FeaturedSegment, on_delete=models.SET_NULL, null=True, blank=True, related_name="clip"
    )
    shown = models.CharField(max_length=64, blank=True, default="")
    """A digest of what its film shows of the product (`spots.outdated`), of photos alone."""
    replaces = models.ForeignKey(
        FeaturedSegment, on_delete=models.SET_NULL, null=True, blank=True, related_name="successors"
    )
    """The spot that it was made anew of, until one made of this clip is approved in its place."""
    error_code = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        verbose_name = _("klip")
        verbose_name_plural = _("klip")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"{self.product} · {self.get_source_display()}"

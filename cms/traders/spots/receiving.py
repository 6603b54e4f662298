"""Films off a trader's phone, on their way by the uploads of `cms.videos`."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.models import Clip, Stall
from cms.traders.spots.waking import do_wake
from cms.videos.models.machine import originals

PURPOSE = "clip"
"""What an upload says that it is for; its target is the key of the clip."""
State = Clip.State


class ClipPurpose:
    """The rules of those uploads: of a trader, for an own clip, 2 GB at most."""

    largest = 2**31
    most_open = 3

    def may_send(self, user: User) -> bool:
        return Stall.objects.filter(trader=user).exists()

    def place_of(self, user: User, target: str) -> Cooperative | None:
        clip = _wanted(user, target)
        return clip.product.stall.cooperative if clip and clip.product else None

    @transaction.atomic
    def do_arrive(
        self, original: str, user: User, now: datetime, *, target: str, name: str, upload: str
    ) -> int:
        clip = _wanted(user, target)
        if clip is None:
            raise Refused(_("Klip ini sudah dihapus."))
        if clip.upload == upload:
            if clip.film != original:  # it was cut already: nobody wants the whole of it
                originals().delete(original)
            return clip.pk
        if not Clip.objects.receive(clip.pk, original, name, upload):
            raise Refused(_("Klip ini sudah punya rekaman. Hapus dulu untuk menggantinya."))
        if Clip.objects.complete(clip.pk):
            do_wake()
        return clip.pk

    @transaction.atomic
    def do_take_back(self, became: int, upload: str, now: datetime) -> bool:
        clip = Clip.objects.select_for_update().filter(pk=became, upload=upload).first()
        if clip is None:
            return True  # of another film by now, or deleted
        if clip.state != State.SENDING:
            return False
        film = clip.film
        Clip.objects.drop_film(clip.pk)
        transaction.on_commit(lambda: originals().delete(film))
        return True


def _wanted(user: User, target: str) -> Clip | None:
    try:
        key = UUID(target)
    except ValueError:
        return None
    own = Clip.objects.filter(product__stall__trader=user, source=Clip.Source.FILM, key=key)
    found: Clip | None = own.select_related("product__stall__cooperative").first()
    return found

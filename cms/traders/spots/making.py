"""A worker's turn at clips: claim one, make its film, and the video and segment of it."""

import logging
import secrets
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from cms.core.refusals import Refused
from cms.traders.links import clip_path, price_text
from cms.traders.models import Clip, FeaturedSegment, Product
from cms.traders.spots import drawing, outdated, photos
from cms.videos.actions import do_create_video
from cms.videos.encoding import transcoding
from cms.videos.encoding.failures import Fault, failure
from cms.videos.models.machine import originals
from media_pipeline.errors import Cancelled, PartOutside

Clock = Callable[[], datetime]
RATE = 25
BLOCK = 2**20
"""Bytes of a film that are copied between two looks at whether to stop."""
BEAT = timedelta(seconds=20)
"""Between two renewals of a lease."""
AGAIN = timedelta(seconds=30)
"""Before another attempt where a machine or the store was at fault."""

logger = logging.getLogger(__name__)


class NoPhoto(Exception):
    """The product has no photo that can be read."""


class Turn:
    """A worker's hold on one clip, renewed while it works."""

    def __init__(self, clip: Clip, owner: str, clock: Clock) -> None:
        self.clip, self.owner, self._clock = clip, owner, clock
        self._renewed = clock()

    def stopped(self) -> bool:
        """Return whether the clip is somebody else's by now, or gone; renew the lease when due."""
        now = self._clock()
        if now < self._renewed + BEAT:
            return False
        self._renewed = now
        return not Clip.objects.renew(self.clip.pk, self.owner, now)


def do_make_due(clock: Clock) -> int:
    """Make all clips that wait; return how many were taken in hand."""
    taken = 0
    Clip.objects.condemn(clock())
    while (pk := _claimable(clock())) is not None:
        owner = secrets.token_hex(16)
        if Clip.objects.claim(pk, owner, clock()):
            _make(Turn(Clip.objects.get(pk=pk), owner, clock), clock)
            taken += 1
    return taken


def _claimable(now: datetime) -> int | None:
    found: int | None = Clip.objects.due(now).values_list("pk", flat=True).first()
    return found


def _make(turn: Turn, clock: Clock) -> None:
    """Bring a claimed clip to one of its ends."""
    clip = turn.clip
    try:
        with tempfile.TemporaryDirectory(prefix="siar-clip-") as folder:
            film = _film(turn, Path(folder))
            do_make_rows(clip, turn.owner, film, clock())
        do_drop_film(clip)
    except Cancelled:
        logger.info("clip %s: given up, it is another's or gone", clip.pk)
    except NoPhoto:
        Clip.objects.fail(clip.pk, turn.owner, "no_photo")
    except PartOutside:
        Clip.objects.fail(clip.pk, turn.owner, "outside")
    # The queue needs it: whatever a file makes go wrong, the next one gets its turn.
    except Exception as error:
        failed = failure(error)
        logger.error("clip %s: %s", clip.pk, failed.code, exc_info=error)
        if failed.fault in (Fault.PLACE, Fault.KILLER):
            Clip.objects.put_back(clip.pk, turn.owner, clock() + AGAIN)
        elif Clip.objects.fail(clip.pk, turn.owner, failed.code) and failed.fault is Fault.FILE:
            do_drop_film(clip)


def _film(turn: Turn, folder: Path) -> Path:
    """Return the film of a clip, made in `folder`."""
    clip = turn.clip
    if clip.product is None:
        raise Cancelled
    if clip.source == Clip.Source.PHOTOS:
        clip.shown = outdated.shown_of(clip.product)  # first: what changes meanwhile is told
        return film_photos(clip.product, clip.key, clip.seconds, folder, turn.stopped)
    whole = _whole_film(turn, folder)
    begin, target = float(clip.begin or 0), folder / "clip.mp4"
    return transcoding.cut_film(whole, begin, clip.seconds, target, folder, turn.stopped)


def _whole_film(turn: Turn, folder: Path) -> Path:
    """Return the film on this machine, a copy in `folder` where it stands elsewhere."""
    storage, name = originals(), turn.clip.film
    try:
        return Path(storage.path(name))
    except NotImplementedError:  # it has no paths
        pass
    copy = folder / f"whole{PurePath(name).suffix}"
    with storage.open(name) as source, copy.open("wb") as target:
        for block in iter(lambda: source.read(BLOCK), b""):
            if turn.stopped():
                raise Cancelled
            target.write(block)
    return copy


def do_drop_film(clip: Clip) -> None:
    """Remove the film that a clip was sent as: only the part that airs is kept."""
    if clip.film and Clip.objects.drop_film(clip.pk):
        originals().delete(clip.film)


def film_photos(
    product: Product,
    key: UUID,
    seconds: int,
    folder: Path,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Return a clip of `seconds` made of photos and text of `product`, in `folder`.

    Taps on its QR count for the segment `key`, which is made after it.

    Raises NoPhoto, and as `film_slides` does.
    """
    found = photos.readable(product)
    if not found:
        raise NoPhoto
    count = max(drawing.SLIDES, len(found))
    # A pixel a frame: the first frame stands where the picture begins.
    travel = [frames - 1 for frames in transcoding.slide_frames(seconds * RATE, count)]
    for place, slide in enumerate(drawing.slides(found, travel)):
        slide.save(folder / f"slide-{place}.png", compress_level=1)
    ground = folder / "ground.png"
    drawing.ground(words_of(product, key)).save(ground, compress_level=1)
    slides = tuple(str(folder / f"slide-{place}.png") for place in range(count))
    plan = transcoding.Slides(str(ground), slides, drawing.WINDOW, seconds)
    return transcoding.film_slides(plan, folder / "clip.mp4", folder, cancelled)


def words_of(product: Product, key: UUID) -> drawing.Words:
    """Return what the clip of segment `key` says of `product`; on air for all, so always in Indonesian."""
    with override("id"):
        return drawing.Words(
            label=str(FeaturedSegment._meta.get_field("label").get_default()),
            name=product.name,
            price=price_text(product),
            unit=f"/{product.unit}",
            stall=product.stall.name,
            place=product.stall.place,
            scan=gettext("Pindai untuk chat"),
            address=settings.WAGTAILADMIN_BASE_URL.rstrip("/") + clip_path(product, key),
        )


@transaction.atomic
def do_make_rows(clip: Clip, owner: str, film: Path, now: datetime) -> FeaturedSegment:
    """Make video and segment of a clip's `film`, and end the clip; raise Cancelled if it is gone.

    The segment stays a draft until its trader has looked at it. Its key is the clip's, which
    the QR in the film has named already.
    """
    # First, and so locked: of a clip that is not ours any more no video is made.
    if clip.product is None or not Clip.objects.renew(clip.pk, owner, now):
        raise Cancelled
    try:
        video = do_create_video(
            clip.product.stall.cooperative,
            f"{clip.product.name} · {clip.product.stall.name}",
            film,
            None,
            now,
            original_name=f"{clip.key.hex}.mp4",
            upload=clip.key.hex,
        )
    except Refused as deleted:
        raise Cancelled from deleted
    before = clip.replaces
    segment, made = FeaturedSegment.objects.get_or_create(
        video=video,
        kind=FeaturedSegment.Kind.SPOT,
        defaults={"product": clip.product, "key": clip.key, "begin": 0, "end": clip.seconds},
    )
    if made and before is not None:
        _take_days(segment, before)
    Clip.objects.finish(clip.pk, owner, segment, clip.shown)
    return segment


def _take_days(segment: FeaturedSegment, before: FeaturedSegment) -> None:
    segment.starts_on, segment.ends_on = before.starts_on, before.ends_on
    segment.save(update_fields=["starts_on", "ends_on"])
    segment.regions.set(before.regions.all())

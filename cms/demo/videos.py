"""The demo's videos: a film is made, and goes the way of an editor's upload."""

import hashlib
import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.demo.content.reels import REELS, Reel, webvtt
from cms.demo.films.programmes import FILMS
from cms.demo.films.recorder import make
from cms.demo.shops import product_of
from cms.traders.actions import do_approve_segment, do_save_segment
from cms.traders.models import FeaturedSegment
from cms.videos.actions import do_create_video
from cms.videos.models import Caption, Category, Chapter, Media, Video


def video_of(film: str) -> Video | None:
    """Return the demo's video of a film, None while there is none or if it was deleted."""
    media = Media.objects.filter(upload=upload_of(film)).select_related("video").first()
    return media.video if media else None


def upload_of(film: str) -> str:
    """Return the id under which a film is uploaded: the same one never makes two videos."""
    return hashlib.blake2s(f"contoh {film}".encode(), digest_size=16).hexdigest()


def is_made(film: str) -> bool:
    """Return whether a film was uploaded once; one that was deleted since stays away."""
    return Media.objects.filter(upload=upload_of(film)).exists()


def do_upload_film(film: str, now: datetime, *, seconds: float | None = None) -> Video:
    """Make a film, upload it, write what editors would, and publish. Its encode is asked for.

    With `seconds` the film runs through in that time: for tests.
    """
    reel = REELS[film]
    editor = User.objects.get(username="redaksi")
    with tempfile.TemporaryDirectory(prefix="siar-contoh-") as folder:
        path = make(FILMS[film], Path(folder) / f"contoh-{film}.mp4", seconds=seconds)
        video = do_create_video(
            Cooperative.objects.get(slug=reel.cooperative),
            reel.title,
            path,
            editor,
            now,
            upload=upload_of(film),
            description=reel.about,
            category=Category.objects.get(slug=reel.category),
            cover_at=reel.cover,
        )
    do_publish_text(video, reel)
    # Publishing wrote another copy of the row.
    video.refresh_from_db()
    if reel.offer:
        do_feature(video, reel, now)
    return video


def do_publish_text(video: Video, reel: Reel) -> None:
    """Give a video its captions and chapters, and publish it."""
    if text := webvtt(reel):
        video.captions.set([Caption(language="id", text=text)])
    video.chapters.set(
        [Chapter(start_ms=round(at * 1000), title=title) for at, title in reel.chapters]
    )
    admin = User.objects.get(username="admin")
    video.save_revision(user=admin).publish(user=admin)


def do_feature(video: Video, reel: Reel, now: datetime) -> None:
    """Put the reel's product into the video, and approve it, as the Koppas would."""
    product = product_of(reel.offer.product) if reel.offer else None
    if product is None or reel.offer is None:
        return
    if FeaturedSegment.objects.filter(video=video, product=product).exists():
        return
    admin = User.objects.get(username="admin")
    segment = FeaturedSegment(
        product=product,
        video=video,
        begin=Decimal(str(reel.offer.begin)),
        end=Decimal(str(reel.offer.end)),
        kind=FeaturedSegment.Kind.SPOT if reel.offer.spot else FeaturedSegment.Kind.CARD,
    )
    do_save_segment(segment, admin, now)
    do_approve_segment(segment, admin, now)

"""What may change about a publication while its bytes do not: cards, captions, chapters.

The origin renders `presentations/<publication>.json` into the playlists of a
programme on demand. A room above registers where cards come from.
"""

import hashlib
from collections.abc import Callable

from django.db import transaction

from cms.core import published
from cms.videos.models import Caption as CaptionRow
from cms.videos.models import Media, Video
from cms.videos.publications import caption_folder
from media_pipeline.model import keys
from media_pipeline.model.rundown import Caption, Card, Chapter, Presentation, encode_value
from media_pipeline.model.ticks import TIMESCALE

Cards = Callable[[Video], tuple[Card, ...]]
_sources: list[Cards] = []


def register_cards(source: Cards) -> Cards:
    """Let `source(video)` add product cards to the presentation of a video."""
    if source not in _sources:
        _sources.append(source)
    return source


def cards_of(video: Video) -> tuple[Card, ...]:
    """Return all cards of `video`, in the order of their beginning."""
    cards = (card for source in _sources for card in source(video))
    return tuple(sorted(cards, key=lambda card: (card.offset, card.id)))


def write(video: Video) -> bool:
    """Write the presentation of the publication in use; return whether there is one.

    Call it after a change of cards. The published text counts, never a draft.
    """
    with transaction.atomic():
        # Two deliveries at once: the later one reads after the earlier one has written.
        media = Media.objects.select_for_update(no_key=True).filter(video=video.pk).first()
        row = Video.objects.filter(pk=video.pk).first()
        if row is None or media is None or not media.publication:
            return False
        _write(row, media, media.publication)
    return True


def write_ahead(video: int | None, publication: str) -> None:
    """Write the presentation of a publication that is about to be put in use.

    Whoever plays it in the moment that it is finds the cards: a player asks for the
    playlist of a programme once, and consumers of the fact come later.
    """
    row = Video.objects.filter(pk=video).select_related("media").first()
    if row is not None:  # nobody has deleted it meanwhile
        _write(row, row.media, publication)


def _write(row: Video, media: Media, publication: str) -> None:
    value = _presentation(row, media, publication)
    published.store().write(keys.presentation_file(publication), encode_value(value))


def _presentation(row: Video, media: Media, publication: str) -> Presentation:
    return Presentation(
        publication=publication,
        title=row.title,
        cards=cards_of(row),
        captions=tuple(_write_caption(media, caption) for caption in row.captions.all()),
        chapters=tuple(
            Chapter(start=chapter.start_ms * TIMESCALE // 1000, title=chapter.title)
            for chapter in row.chapters.order_by("start_ms")
        ),
    )


def _write_caption(media: Media, caption: CaptionRow) -> Caption:
    """Put one track into the store under a name that changes with its text."""
    data = caption.text.encode()
    digest = hashlib.sha256(data).hexdigest()[:16]
    key = f"{caption_folder(media.pk)}/{caption.language}-{digest}.vtt"
    published.store().write(key, data)
    return Caption(language=caption.language, label=caption.get_language_display(), uri=key)

"""What a publication has beside its qualities, for the page that plays it."""

from dataclasses import dataclass

from cms.core import published
from cms.videos.contents import contents_of
from media_pipeline.model.keys import publication_folder


@dataclass(frozen=True)
class Extras:
    """`storyboard` is the address of the WebVTT of pictures for scrubbing, "" without one.

    `download` is the address of a plain MP4 to keep, of `download_size` bytes. `sound_only` is
    whether a still picture stands for one that is not there: a podcast.
    """

    storyboard: str = ""
    sound_only: bool = False
    download: str = ""
    download_size: int = 0


def extras_of(publication: str) -> Extras:
    """Return what `publication` has; nothing while it cannot be read: the page plays without."""
    found = contents_of(publication)
    if found is None:
        return Extras()
    folder, board = publication_folder(publication), found.storyboard
    return Extras(
        storyboard=published.url(f"{folder}/{board.vtt}") if board else "",
        sound_only=any(finding.code == "sound_only" for finding in found.report),
        download=published.url(f"{folder}/{found.download.uri}") if found.download else "",
        download_size=found.download.size if found.download else 0,
    )

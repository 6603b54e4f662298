"""Videos. `editorial` is what editors say; `machine` and `encode` are what machines do.

They are separate tables: publishing or reverting a revision rewrites the
editorial rows and must never touch machine state.
"""

from cms.videos.models.editorial import (
    Caption,
    Category,
    Chapter,
    Language,
    Rating,
    Video,
    VideoQuerySet,
)
from cms.videos.models.encode import Encode
from cms.videos.models.incoming import DirectUpload
from cms.videos.models.machine import Media, Publication
from cms.videos.models.task import EncodeTask
from cms.videos.models.worker import WorkerProcess

__all__ = [
    "Caption",
    "Category",
    "Chapter",
    "DirectUpload",
    "Encode",
    "EncodeTask",
    "Language",
    "Media",
    "Publication",
    "Rating",
    "Video",
    "VideoQuerySet",
    "WorkerProcess",
]

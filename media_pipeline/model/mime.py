"""What the files of the published store are to a browser, and how long they hold."""

from pathlib import PurePosixPath

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
"""Types by suffix. Python's own table lacks half of them and depends on the machine."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""For what is never written twice: the pieces of a publication."""

MUTABLE = "no-cache"
"""For what may be written again: kept, but asked about each time."""


def content_type(key: str) -> str:
    """The media type of `key`, by its suffix."""
    return TYPES.get(PurePosixPath(key).suffix.lower(), "application/octet-stream")


def cache_control(key: str) -> str:
    """Immutable for the pieces of a publication; its manifests grow until it is whole."""
    grows = PurePosixPath(key).suffix in (".json", ".m3u8", ".mpd")
    return IMMUTABLE if key.startswith("publications/") and not grows else MUTABLE

"""Checking a publication as an independent reader would.

Nothing here reads by the code that wrote: playlists, manifests, boxes and
bit rates have readers of their own, so that a writer's mistake is not read the way it was made.
"""

from media_pipeline.verify.audit import verify
from media_pipeline.verify.files import Files, Folder, InStore
from media_pipeline.verify.findings import Finding

__all__ = ["Files", "Finding", "Folder", "InStore", "verify"]

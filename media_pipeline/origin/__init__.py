"""A small app that serves channels from a store, with no database."""

from media_pipeline.origin.app import Origin, create_origin
from media_pipeline.origin.media import PublishedFiles

__all__ = ["Origin", "PublishedFiles", "create_origin"]

"""The published store: a local folder or S3 behind one small seam."""

from media_pipeline.stores.seam import Store

__all__ = ["Store"]

"""What touches the world: probe, encode a chunk, make a storyboard, publish."""

from media_pipeline.steps.probing import measure, probe

__all__ = ["measure", "probe"]

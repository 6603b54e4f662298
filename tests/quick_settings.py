"""The settings of development, for an install that encodes in haste."""

from cms.settings.development import *  # noqa: F403
from media_pipeline.planning.video import ladder
from tests.quick import QUICK

ladder._STEPS = QUICK

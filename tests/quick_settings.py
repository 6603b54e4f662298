"""The settings of development, for an install that encodes in haste and soon hears of captions."""

from cms.settings.development import *  # noqa: F403
from media_pipeline.model.ticks import ticks_in
from media_pipeline.origin import captions
from media_pipeline.planning.video import ladder
from tests.quick import QUICK

captions.AGAIN = ticks_in(15)
ladder._STEPS = QUICK

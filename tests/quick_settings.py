"""The settings of development, with the fast preset, and new captions on air after 15 s instead of 60."""

from cms.settings.development import *  # noqa: F403
from media_pipeline.model.ticks import ticks_in
from media_pipeline.origin import captions
from media_pipeline.planning.video import ladder
from tests.quick import QUICK

INSTALLED_APPS = [*INSTALLED_APPS, "tests.quick_site.QuickSite"]  # noqa: F405
captions.AGAIN = ticks_in(15)
ladder._STEPS = QUICK

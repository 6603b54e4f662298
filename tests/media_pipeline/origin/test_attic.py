"""Publications that catch-up asks for: for how long what is not there is believed not to be."""

from datetime import UTC, datetime

import pytest

from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import encode_publication
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.origin.attic import OldReels
from media_pipeline.stores import LocalStore

NAME = "a" * 32
NOON = ticks_of(datetime(2026, 11, 24, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("seconds", "found"), [(0, False), (29.9, False), (30, True), (-0.1, True), (-3600, True)]
)
def test_what_was_not_there_is_asked_for_again_after_half_a_minute_or_a_clock_set_back(
    seconds, found, tmp_path, publication
):
    store = LocalStore(tmp_path)
    reels = OldReels(store, "/media/")
    assert reels.of([NAME], frozenset(), NOON) == {}
    store.write(publication_file(NAME), encode_publication(publication()))
    assert (NAME in reels.of([NAME], frozenset(), NOON + ticks_in(seconds))) == found
    reels.close()

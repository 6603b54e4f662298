"""What a channel's list of qualities says that each of them costs."""

import m3u8
import msgspec
import pytest

from media_pipeline.model.publication import Publication
from media_pipeline.playout import Reel, channel_master

S = 90_000
SOUND = 49_000


@pytest.fixture
def dear(publication) -> Publication:
    """A restless film of eight seconds up to 480p, at twice the usual bits."""
    made = publication("a", (4 * S, 4 * S), (240, 480))
    videos = (
        msgspec.structs.replace(v, average_bandwidth=2 * v.average_bandwidth) for v in made.videos
    )
    return msgspec.structs.replace(made, renditions=(*videos, made.audio))


@pytest.fixture
def calm(publication) -> Publication:
    """A calm film of four seconds up to 720p."""
    return publication("b", (4 * S,), (240, 480, 720))


def costs(*publications: Publication, **more) -> dict[str, int]:
    """Average bits a second of the picture of each variant, by its address."""
    read = m3u8.loads(channel_master([Reel.of(p) for p in publications], **more))
    return {p.uri: p.stream_info.average_bandwidth - SOUND for p in read.playlists}


def test_a_higher_quality_costs_more_wherever_some_programme_has_it(dear, calm):
    found = costs(dear, calm)
    assert found["v480.m3u8"] == (480 * 3000 * 8 + 480 * 1500 * 4) // 12
    assert found["v720.m3u8"] == (480 * 3000 * 8 + 720 * 1500 * 4) // 12
    assert found["v720.m3u8"] > found["v480.m3u8"]


def test_a_programme_weighs_as_long_as_it_airs(dear, calm):
    airtime = {dear.id: 1 * S, calm.id: 99 * S}
    found = costs(dear, calm, airtime=airtime)
    assert found["v480.m3u8"] == (480 * 3000 + 480 * 1500 * 99) // 100


def test_what_waits_unaired_has_no_say(dear, calm):
    airtime = {dear.id: 60 * S}
    found = costs(dear, calm, airtime=airtime)
    assert found == {"v240.m3u8": 240 * 3000, "v480.m3u8": 480 * 3000, "a48.m3u8": 0}


def test_where_nothing_airs_all_that_is_there_is_listed(dear, calm):
    assert "v720.m3u8" in costs(dear, calm, airtime={"f" * 32: S})


def test_the_peak_covers_every_join(dear, calm):
    read = m3u8.loads(channel_master([Reel.of(dear), Reel.of(calm)]))
    peaks = {p.uri: p.stream_info.bandwidth for p in read.playlists}
    assert peaks["v720.m3u8"] == 720 * 2000 + 52_000


def test_a_channel_has_the_better_sound_where_all_that_airs_has_it(dear, calm, with_high_sound):
    def groups(*publications: Publication) -> dict[str, str]:
        read = m3u8.loads(channel_master([Reel.of(p) for p in publications]))
        return {p.uri: p.stream_info.audio for p in read.playlists}

    both = groups(with_high_sound(dear), with_high_sound(calm))
    assert both["v240.m3u8"] == both["a48.m3u8"] == "audio"
    assert both["v480.m3u8"] == both["v720.m3u8"] == "audio-high"
    assert set(groups(with_high_sound(dear), calm).values()) == {"audio"}
    # Whose player has the better one already hears the usual one of a programme without it.
    assert Reel.of(calm).rung("a112").name == "a48"


def test_a_channel_plays_aac_also_of_titles_that_have_opus(dear, with_opus):
    assert set(Reel.of(with_opus(dear)).tracks) == set(Reel.of(dear).tracks) | {"a112"}

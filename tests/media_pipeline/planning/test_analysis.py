"""The look's command, and the reading of its answer."""

from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.source import Source
from media_pipeline.planning import inputs
from media_pipeline.planning.video.analysis import analysis_argv, moments, read_analysis
from tests.media_pipeline.streams import make_video

PICTURE = make_video(1920, 1080, time_base_den=12_800)
SOURCE = Source(container="mov,mp4", size=1, start=0, duration=600, video=PICTURE)


@given(st.floats(0.01, 6 * 3600))
def test_samples_lie_inside_the_title_in_order(seconds):
    found = moments(SOURCE, seconds)
    assert 1 <= len(found) <= 8
    assert list(found) == sorted(found)
    assert all(0 <= at <= seconds for at in found)


def test_a_title_in_4k_has_fewer_samples_since_each_costs_more():
    large = make_video(3840, 2160, time_base_den=12_800)
    assert len(moments(Source("mov", 1, 0, 600, large), 600)) == 3
    assert len(moments(SOURCE, 600)) == 8


def test_every_sample_is_guarded_and_decodes_no_more_than_it_needs():
    argv = analysis_argv("ffmpeg", "/in.mp4", SOURCE, 600)
    assert inputs.unguarded(argv) is None
    assert argv.count("-i") == argv.count("-t") == argv.count("-noaccurate_seek") == 8
    assert "pipe:1" in argv


@given(st.text(), st.text())
def test_any_answer_is_read_without_an_error(packets, log):
    assert read_analysis(packets, log, PICTURE).frames >= 0


@given(
    st.lists(st.integers(1, 10_000), min_size=1, max_size=56),
    st.floats(0, 255, allow_nan=False),
)
def test_measures_stay_within_their_bounds(sizes, brightness):
    log = "\n".join(
        f"frame:{n} pts:{n}\nlavfi.signalstats.YAVG={brightness:.4f}\nsiar.sample={n // 7}"
        for n in range(len(sizes))
    )
    packets = "\n".join(f"0, {n}, {n}, 1, {size}, 0x1" for n, size in enumerate(sizes))
    found = read_analysis(packets, log, PICTURE)
    assert found.frames == len(sizes)
    assert found.complexity > 0
    for share in (found.duplicates, found.interlaced, found.dark):
        assert 0 <= share <= 1

"""Every benchmark is listed with its target, in the list and in the documents."""

from pathlib import Path

import pytest

from benchmarks import recipes
from benchmarks.targets import ALL, status, verdict
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.plan import make_plan
from tests.media_pipeline.streams import make_video

ROOT = Path(__file__).parents[2]
RUNNABLE = sorted(
    path.stem
    for path in (ROOT / "benchmarks").glob("*.py")
    if 'if __name__ == "__main__":' in path.read_text() and path.stem != "__main__"
)


def test_the_list_has_every_benchmark_that_can_be_run():
    assert sorted(each.name for each in ALL) == RUNNABLE


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_documents_say_what_each_measures(name):
    assert f"`python -m benchmarks.{name}`" in (ROOT / "docs" / "benchmarks.md").read_text()


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_help_of_each_is_all_that_it_says_of_itself(name):
    source = (ROOT / "benchmarks" / f"{name}.py").read_text()
    assert "targets.parser(__doc__)" in source


@pytest.mark.parametrize("name", RUNNABLE)
def test_each_ends_with_its_verdicts_and_their_status(name):
    source = (ROOT / "benchmarks" / f"{name}.py").read_text()
    assert "targets.verdict(" in source
    assert "targets.status(" in source
    assert "raise SystemExit(main())" in source


@pytest.mark.parametrize(
    ("figure", "least", "met"), [(2.9, False, True), (3.1, False, False), (3.1, True, True)]
)
def test_a_verdict_says_whether_the_target_is_met(figure, least, met, capsys):
    assert verdict("p90", figure, 3.0, least=least) is met
    assert capsys.readouterr().out.startswith("met" if met else "MISSED")


def test_one_that_was_missed_is_the_exit_status():
    assert (status(), status(True, True), status(True, False)) == (0, 0, 1)


@pytest.mark.parametrize("rate", ["15", "24"])
def test_quality_is_measured_against_the_same_picture_at_any_frame_rate(rate, tmp_path):
    film = tmp_path / "film.mkv"
    moving = f"testsrc2=s=256x144:r={rate}:d=1"
    recipes._run("-f", "lavfi", "-i", moving, "-c:v", "libx264", "-crf", "4", str(film))
    bench = recipes.Bench(tmp_path)
    picture = bench.picture(film, 144, "lanczos", 8)
    # Against the picture before, it has 22 dB.
    assert bench.point(picture, ["-c:v", "libx264", "-crf", "10"]).xpsnr > 40


def test_our_curve_has_the_cap_that_is_published():
    plan = make_plan(Source("mov", 1, 0, 10, make_video()), Extent(start=0, end=900_000))
    arguments = recipes.ours(plan, plan.rungs[0], 30)
    assert arguments[arguments.index("-maxrate") + 1] == str(plan.rungs[0].maxrate)
    assert arguments[arguments.index("-crf") + 1] == "30"

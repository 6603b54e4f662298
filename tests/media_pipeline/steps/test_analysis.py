"""The quick look tells apart what costs bits and what does not, on films made by code."""

import subprocess
import threading
from pathlib import Path

import msgspec
import pytest

from media_pipeline import tools
from media_pipeline.errors import ToolStopped
from media_pipeline.model.analysis import Analysis
from media_pipeline.planning.video import analysis as planning
from media_pipeline.steps import analysis, probing

SLIDES = "smptehdbars=s=640x360:r=25,drawbox=x=80*trunc(t/3):y=40:w=60:h=60:c=white:t=fill"
SPEAKER = (
    "smptehdbars=s=640x360:r=25,gblur=sigma=6[b];testsrc2=s=120x160:r=5,fps=25,gblur=2[f];"
    "[b][f]overlay=x='260+12*sin(2*t)':y='120+6*sin(3*t)'"
)
MATCH = "testsrc2=s=640x360:r=25,noise=alls=40:allf=t"


def look(graph: str, folder: Path, *, seconds: float = 4, flags: tuple[str, ...] = ()) -> Analysis:
    """What the look says of a film of `graph`."""
    film = folder / "film.mp4"
    subprocess.run(
        [
            *(tools.ffmpeg(), "-nostdin", "-v", "error", "-y", "-filter_complex", f"{graph}[o]"),
            *("-map", "[o]", "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast"),
            *("-pix_fmt", "yuv420p", *flags, str(film)),
        ],
        check=True,
    )
    source = probing.probe(film, folder)
    extent = probing.measure(film, source, folder, lambda: False)
    found = analysis.analyse(film, source, extent, folder, lambda: False)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("graph", "content"), [(SLIDES, "slides"), (SPEAKER, "talking"), (MATCH, "busy")]
)
def test_slides_a_speaker_and_a_match_are_told_apart(graph, content, tmp_path):
    assert look(graph, tmp_path).content == content


def test_what_stands_still_is_counted_as_such(tmp_path):
    assert look(SLIDES, tmp_path).duplicates > 0.9
    assert look(MATCH, tmp_path).duplicates == 0


def test_black_borders_are_found_on_the_side_where_they_are(tmp_path):
    bars = look(f"{MATCH},drawbox=x=0:w=120:h=ih:c=black:t=fill", tmp_path).bars
    assert bars is not None
    assert bars.left == pytest.approx(120 / 640, abs=0.02)
    assert (bars.top, bars.right, bars.bottom) == (0, 0, 0)
    assert look(MATCH, tmp_path).bars is None


def test_woven_fields_are_seen_though_no_flag_tells_of_them(tmp_path):
    moving = "mandelbrot=s=640x360:r=50:end_scale=0.05:end_pts=150,scroll=horizontal=0.01"
    woven = look(f"{moving},interlace=scan=tff,setfield=prog", tmp_path)
    assert woven.interlaced > 0.5
    assert look(moving, tmp_path).interlaced < 0.2


def test_a_dark_film_is_called_dark(tmp_path):
    found = look(f"{MATCH},lutyuv=y=16+(val-16)*0.08", tmp_path)
    assert found.dark == 1
    assert found.luma < 0.1


def test_a_film_of_one_frame_has_an_analysis(tmp_path):
    found = look(MATCH, tmp_path, seconds=0.04)
    assert found.frames == 1
    assert found.motion == 0


def test_a_file_that_does_not_decode_has_none_and_is_no_error(tmp_path):
    look(MATCH, tmp_path, seconds=1)
    film = tmp_path / "film.mp4"
    source = probing.probe(film, tmp_path)
    extent = probing.measure(film, source, tmp_path, lambda: False)
    film.write_bytes(b"\0" * 1000)
    assert analysis.analyse(film, source, extent, tmp_path, lambda: False) is None


def opened(folder: Path, seconds: float = 1) -> tuple:
    """What the look is given: a film of `seconds`, what it is, how far it goes."""
    look(MATCH, folder, seconds=seconds)
    film = folder / "film.mp4"
    source = probing.probe(film, folder)
    return film, source, probing.measure(film, source, folder, lambda: False), folder, lambda: False


def test_a_look_that_needs_more_processor_time_than_it_is_worth_is_done_without(
    tmp_path, monkeypatch, caplog
):
    given = opened(tmp_path, seconds=12)
    monkeypatch.setattr(planning, "FRAMES", 10_000)  # each sample goes on to the end of the film
    monkeypatch.setattr(
        analysis, "_LIMITS", msgspec.structs.replace(analysis._LIMITS, cpu_seconds=1)
    )
    assert analysis.analyse(*given) is None
    assert "It needed more processor time than allowed" in caplog.text


def ending(stopped: ToolStopped):
    def run(*_argv, **_given):
        raise stopped

    return run


@pytest.mark.parametrize("how", ["crashed", "cpu", "wall", "memory", "output"])
def test_a_look_that_would_end_badly_each_time_is_done_without_and_told(
    how, tmp_path, monkeypatch, caplog
):
    given = opened(tmp_path)
    monkeypatch.setattr(tools, "run", ending(ToolStopped(how, "It ended.")))
    assert analysis.analyse(*given) is None
    assert f"{tmp_path.name}: the title is planned without a look into it. It ended." in caplog.text


@pytest.mark.parametrize(("how", "begun"), [("killed", True), ("disk", True), ("memory", False)])
def test_a_look_that_was_ended_from_outside_is_for_another_attempt(
    how, begun, tmp_path, monkeypatch
):
    given = opened(tmp_path)
    monkeypatch.setattr(tools, "run", ending(ToolStopped(how, "It ended.", begun=begun)))
    with pytest.raises(ToolStopped, match="It ended"):
        analysis.analyse(*given)


def test_whatever_goes_wrong_beside_the_look_ends_it(tmp_path, monkeypatch):
    film, source, _extent, folder, never = opened(tmp_path)
    looking, left = threading.Event(), []

    def endless(_path, _source, _extent, _scratch, leaving):
        looking.set()
        pause = threading.Event()
        left.append(any(leaving() or pause.wait(0.01) for _ in range(6_000)))

    def broken(*_given):
        assert looking.wait(60)
        raise OSError("the disk of originals has gone")

    monkeypatch.setattr(analysis, "analyse", endless)
    monkeypatch.setattr(analysis, "measure", broken)
    with pytest.raises(OSError, match="has gone"):
        analysis.look_into(film, source, folder, never)
    assert left == [True]


def test_samples_lie_in_what_is_there_of_a_film_that_ends_early(tmp_path):
    look(f"color=c=black:s=640x360:r=25:d=1[a];{MATCH},trim=duration=1[b];[a][b]concat", tmp_path)
    film, whole = tmp_path / "film.mp4", tmp_path / "whole.mkv"
    remuxed = [tools.ffmpeg(), "-v", "error", "-y", "-i", str(film), "-c", "copy", str(whole)]
    subprocess.run(remuxed, check=True)
    data = whole.read_bytes()
    # The black second takes no bytes: what is left claims two seconds and has one and a little.
    whole.write_bytes(data[: len(data) // 5])
    source = probing.probe(whole, tmp_path)
    extent, found = analysis.look_into(whole, source, tmp_path, lambda: False)
    assert source.duration > 1.9
    assert (extent.end - extent.start) * source.video.time_base < 1.6
    assert found == analysis.analyse(whole, source, extent, tmp_path, lambda: False)

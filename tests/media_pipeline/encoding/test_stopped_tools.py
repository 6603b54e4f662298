"""A tool that is ended before it was done is no evidence of anything: whatever step it was at,
the title is tried again and comes out as if nothing had been."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.errors import Stop, ToolStopped
from media_pipeline.stores import LocalStore
from tests.examples import deep

from .conftest import ID, Film, Made, ffmpeg, publish

ENDS: dict[Stop, str] = {
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "crashed": "os.kill(os.getpid(), signal.SIGSEGV)",
    "memory": "print('[fc#0] Cannot allocate memory', file=sys.stderr); os._exit(244)",
    "disk": "print('[out#0/mp4] No space left on device', file=sys.stderr); os._exit(228)",
}
"""How a tool comes to an end that is not its own, in Python."""

PYTHON = [Path(sys.prefix), Path(sys.base_prefix)]
BEFORE = "import os, signal, sys\n"


class Stopped:
    """`tools.run`, but for the first run at one step, which is said to have been stopped."""

    def __init__(self, step: str, how: Stop) -> None:
        self._step, self._how, self._run = step, how, tools.run
        self.met = False

    def __call__(self, argv, *, name: str, **given) -> tools.Finished:
        if name != self._step or self.met:
            return self._run(argv, name=name, **given)
        self.met = True
        raise ToolStopped(self._how, f"It was stopped ({name}).")


class Disturbed:
    """`tools.run`, but for the first run at one step, which ends badly."""

    def __init__(self, step: str, how: Stop) -> None:
        self._step, self._how, self._run = step, how, tools.run
        self.disturbed = False

    def __call__(self, argv, *, name: str, **given) -> tools.Finished:
        if name != self._step or self.disturbed:
            return self._run(argv, name=name, **given)
        self.disturbed = True
        poor = [sys.executable, "-c", BEFORE + ENDS[self._how]]
        return self._run(poor, name=name, **{**given, "reads": PYTHON})


def files(made: Made) -> dict[str, bytes]:
    return {
        str(path.relative_to(made.folder)): path.read_bytes()
        for path in sorted(made.folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def films(film: Film, tmp_path_factory) -> dict[str, Path]:
    """A film without an index, and sound with a cover and without one."""
    folder = tmp_path_factory.mktemp("sounds")
    sound, cover, covered = (folder / name for name in ("a.mp3", "cover.png", "b.mp3"))
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=1", str(sound))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:d=0.04", "-frames:v", "1", str(cover))
    ffmpeg(
        *("-i", str(sound), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v", "attached_pic", str(covered)),
    )
    return {
        "film": film("stopped.ts", size="128x96", seconds=1),
        "larger": film("larger.mp4", size="426x240", seconds=1),
        "sound": sound,
        "covered": covered,
    }


STEPS = {
    "film": (
        *("probe", "remux", "packets", "analysis", "chunk", "hearing", "sound"),
        *("storyboard", "posters", "download"),
    ),
    "sound": ("sounds", "wave"),
    "covered": ("cover",),
}


@pytest.fixture(scope="module")
def undisturbed(films, tmp_path_factory) -> Callable[[str], dict[str, bytes]]:
    known: dict[str, dict[str, bytes]] = {}

    def made(kind: str) -> dict[str, bytes]:
        if kind not in known:
            folder = tmp_path_factory.mktemp(kind)
            known[kind] = files(publish(films[kind], folder, download=True, av1=kind == "larger"))
        return known[kind]

    return made


CASES = [
    (kind, step, how) if how == "killed" or step == "chunk" else deep(kind, step, how)
    for kind, steps in STEPS.items()
    for step in steps
    for how in ENDS
    # What differs between the ways to end is told in tools/test_stops.py.
    if how in ("killed", "disk") or step in ("packets", "chunk", "hearing")
]


@pytest.mark.parametrize(("kind", "step", "how"), CASES)
def test_a_stopped_tool_is_named_and_another_attempt_gives_the_same_bytes(
    kind, step, how, films, undisturbed, tmp_path, monkeypatch
):
    run = Disturbed(step, how)
    monkeypatch.setattr(tools, "run", run)
    with pytest.raises(ToolStopped, match=f"was stopped \\({step}\\)") as stopped:
        publish(films[kind], tmp_path, download=True)
    assert (stopped.value.how, stopped.value.retryable) == (how, True)
    assert pipeline.found_whole(LocalStore(tmp_path / "store"), ID) is None
    assert not list((tmp_path / "scratch").iterdir())
    assert files(publish(films[kind], tmp_path, download=True)) == undisturbed(kind)


DONE_WITHOUT: dict[str, tuple[Stop, ...]] = {
    # It would meet it the next time, too; the film is none the worse.
    "analysis": ("crashed", "cpu", "wall", "memory", "output"),
}
"""Steps without which a title goes on, by what stopped them. All else ends the attempt."""


@pytest.mark.parametrize(
    ("kind", "step", "ways"),
    [
        case
        for kind, steps in STEPS.items()
        for step in steps
        for case in (
            [(kind, step, get_args(Stop))]
            if step in DONE_WITHOUT
            else [(kind, step, ("killed", "crashed")), deep(kind, step, get_args(Stop))]
        )
    ],
)
def test_each_step_that_is_stopped_ends_the_attempt_or_is_done_without(
    kind, step, ways, films, tmp_path, monkeypatch
):
    """For whether it is tried again and how often see videos/test_failures.py: it knows no steps."""
    raised = []
    for how in ways:
        run = Stopped(step, how)
        monkeypatch.setattr(tools, "run", run)
        try:
            made = publish(films[kind], tmp_path, download=True)
        except ToolStopped as stopped:
            raised.append(stopped.how)
            assert pipeline.found_whole(LocalStore(tmp_path / "store"), ID) is None
        else:
            assert made.publication.state == "whole"
            shutil.rmtree(tmp_path / "store")
        assert run.met
        monkeypatch.undo()
    assert raised == [how for how in ways if how not in DONE_WITHOUT.get(step, ())]


def test_rungs_in_av1_that_are_stopped_do_not_make_the_film_unreadable(
    films, undisturbed, tmp_path, monkeypatch
):
    run, first = tools.run, []

    def at_av1(argv, *, name: str, **given) -> tools.Finished:
        if "libsvtav1" in argv and not first:
            first.append(name)
            argv, given["reads"] = [sys.executable, "-c", BEFORE + ENDS["killed"]], PYTHON
        return run(argv, name=name, **given)

    monkeypatch.setattr(tools, "run", at_av1)
    with pytest.raises(ToolStopped):
        publish(films["larger"], tmp_path, download=True, av1=True)
    assert first == ["chunk"]
    assert files(publish(films["larger"], tmp_path, download=True, av1=True)) == undisturbed(
        "larger"
    )


def test_what_was_done_before_a_tool_was_stopped_is_not_done_again(films, tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "run", Disturbed("storyboard", "killed"))
    with pytest.raises(ToolStopped):
        publish(films["film"], tmp_path)
    done: list[str] = []
    run = tools.run

    def counted(argv, *, name: str, **given) -> tools.Finished:
        done.append(name)
        return run(argv, name=name, **given)

    monkeypatch.setattr(tools, "run", counted)
    publish(films["film"], tmp_path)
    assert "storyboard" in done
    assert not {"chunk", "hearing", "sound"} & set(done)

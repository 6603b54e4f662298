"""Every error of the pipeline.

    PipelineError
    ├── UnusableSource     the file cannot be published; a retry does not help
    ├── PartOutside        the film has no such part; a retry does not help
    ├── ToolMissing        ffmpeg or ffprobe is not here or lacks a part; a retry does not help
    ├── StepFailed         a tool failed in a way that another attempt may mend
    │   └── ToolStopped    it was ended before it was done: what it left says nothing of the file
    ├── PicturesDiffer     those of an earlier publication do not fit; a retry does not help
    ├── Cancelled          somebody asked for it to stop
    ├── NewerJob           another version of Siar makes the title: it is to be left to that
    └── StoreUnavailable   the published store cannot be reached; a retry helps

Each says in one sentence what happened and what to do, and knows whether a
retry can help.
"""

from typing import Literal, get_args

SourceFault = Literal[
    "missing",  # there is no such file, or it is a folder
    "empty",  # zero bytes
    "not_media",  # nothing that a demuxer on the list can read
    "incomplete",  # starts like a video, but what describes it is missing
    "reference",  # a playlist, script or drawing that names other files
    "no_video",  # neither sound nor moving picture, or a picture of unknown size
    "too_large",  # more pixels in a frame than are decoded
    "too_small",  # fewer lines than a rung can have
    "too_long",  # more seconds than are encoded
    "too_many_tracks",  # more streams than a film has
    "unreadable",  # the container opens, but no frame comes out
]
"""Why a file cannot be published; the CMS translates by these names."""

SOURCE_FAULTS: tuple[SourceFault, ...] = get_args(SourceFault)


Stop = Literal[
    "killed",  # by the system, which does so when memory ends, or by a person
    "crashed",  # by a fault of its own: a poison file does that each time
    "cpu",  # more processor time than allowed
    "wall",  # more time than allowed
    "memory",  # more memory than allowed, or than there is
    "output",  # a larger file than allowed
    "disk",  # no room for what it writes
]
"""What ended a tool before it was done."""


class PipelineError(Exception):
    """The root. `retryable` tells whether trying again can help."""

    retryable = False


class UnusableSource(PipelineError):
    """The file cannot be published as it is. `code` names the reason for translation."""

    def __init__(self, code: SourceFault, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class PartOutside(PipelineError):
    """What was to be cut out of a film begins after its end, or just before."""

    def __init__(self, begin: float, duration: float) -> None:
        super().__init__(
            f"The part begins at {begin:.1f} s, but the film lasts {duration:.1f} s: "
            "choose an earlier one."
        )


class ToolMissing(PipelineError):
    """ffmpeg or ffprobe cannot be used on this machine."""


class StepFailed(PipelineError):
    """A tool ended in a way that another attempt may mend."""

    retryable = True
    from_outside = False
    """Whether it has nothing to do with the file, nor with how much of it is here."""


class ToolStopped(StepFailed):
    """A tool was ended before it was done. `how` names by what.

    What it has written is no evidence: neither of a damaged file, nor of silence,
    nor of where the title ends.
    """

    def __init__(self, how: Stop, sentence: str, *, begun: bool = True) -> None:
        super().__init__(sentence)
        self.how = how
        # One that did not even begin had no limit of ours to meet.
        self.from_outside = how in ("killed", "disk") or not begun


class PicturesDiffer(PipelineError):
    """The pictures of an earlier publication do not fit the new one."""

    def __init__(self, publication: str) -> None:
        super().__init__(
            f"The pictures of {publication} cannot be taken over: encode the title as a whole."
        )


STOPPED = "The work was stopped on request; nothing of it is left."


class Cancelled(PipelineError):
    """The work was asked to stop and has cleaned up."""

    def __init__(self, sentence: str = STOPPED) -> None:
        super().__init__(sentence)


class NewerJob(PipelineError):
    """A newer version of Siar is at this title."""

    def __init__(self) -> None:
        super().__init__("A newer version of Siar makes this title: leave it to that.")


class StoreUnavailable(PipelineError):
    """The published store cannot be reached."""

    retryable = True

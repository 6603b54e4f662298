"""Every error of the pipeline.

    PipelineError
    ├── UnusableSource     the file cannot be published; a retry does not help
    ├── StepFailed         a tool failed in a way that another attempt may mend
    ├── Cancelled          somebody asked for it to stop
    └── StoreUnavailable   the published store cannot be reached; a retry helps

Each says in one sentence what happened and what to do, and knows whether a
retry can help.
"""


class PipelineError(Exception):
    """The root. `retryable` tells whether trying again can help."""

    retryable = False


class UnusableSource(PipelineError):
    """The file cannot be published as it is. `code` names the reason for translation."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class StepFailed(PipelineError):
    """A tool ended in a way that another attempt may mend."""

    retryable = True


class Cancelled(PipelineError):
    """The work was asked to stop and has cleaned up."""


class StoreUnavailable(PipelineError):
    """The published store cannot be reached."""

    retryable = True

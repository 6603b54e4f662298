"""A tool that complains is heard at once. Shells, since Python may say something at its start."""

import pytest

from media_pipeline import tools
from media_pipeline.errors import StepFailed

LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=20, file_bytes=1 << 20)


def test_who_minds_a_complaint_hears_of_it_while_the_tool_goes_on(tmp_path):
    """Of a distant file, zeros would be decoded for hours before the bytes are fetched."""

    def minds() -> None:
        raise StepFailed("Bytes are missing.")

    given = {"limits": LIMITS, "scratch": tmp_path}
    with pytest.raises(StepFailed, match="missing"):
        tools.run(
            ["/bin/sh", "-c", "echo odd >&2; sleep 600"], name="a", **given, on_complaint=minds
        )
    quiet = tools.run(["/bin/sh", "-c", "sleep 0.5"], name="b", **given, on_complaint=minds)
    assert quiet.code == 0

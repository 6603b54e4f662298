"""Run one of the front end's npm scripts with the Node from the wheel: check, build."""

import os
import subprocess
import sys
from pathlib import Path

from setup.prepare import ROOT, find_node


def main(script: str) -> int:
    node, npm = find_node()
    # Tools that npm starts look for `node` on PATH.
    environment = os.environ | {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [node, npm, "run", "--silent", script], cwd=ROOT / "frontend", env=environment, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))

"""Run what the tests of a site send, with Django set up once.

Each line of stdin is a program as JSON; each line of stdout is what it printed, or its fault:
{"printed": "…", "fault": ""}. It ends with its stdin.
"""

import contextlib
import io
import json
import sys
import traceback

import django

django.setup()

from django.db import close_old_connections  # noqa: E402

answers = sys.stdout
for line in sys.stdin:
    printed, fault = io.StringIO(), ""
    with contextlib.redirect_stdout(printed):
        try:
            exec(json.loads(line), {"__name__": "shell"})
        except Exception:  # noqa: BLE001
            # The test that sent the program fails with this text.
            fault = traceback.format_exc()
    close_old_connections()
    print(json.dumps({"printed": printed.getvalue(), "fault": fault}), file=answers, flush=True)

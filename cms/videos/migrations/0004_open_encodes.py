"""Encodes that wait or are at work go on after the upgrade.

One that has begun is begun anew, under another id: what it has written so far is of a
form that no worker continues any more. The sweep removes it.
"""

import secrets
from typing import Any

from django.db import migrations
from django.utils import timezone

OPEN = ("waiting", "probing", "encoding", "finishing")


def go_on(apps: Any, schema_editor: Any) -> None:
    """Give every open encode its first task."""
    now = timezone.now()
    rows = apps.get_model("videos", "Encode").objects.filter(state__in=OPEN)
    for encode in list(rows):
        if encode.cancel_requested or encode.video_id is None:
            _end(encode, now)
        elif encode.attempts or encode.state != "waiting":
            _end(encode, now)
            again = type(encode)(video=encode.video, created=encode.created, not_before=now)
            again.publication = secrets.token_hex(16)
            again.save()
            _add_first_task(apps, again, now)
        else:
            _add_first_task(apps, encode, now)


def _end(encode: Any, now: Any) -> None:
    encode.state, encode.finished, encode.leftover = "cancelled", now, True
    encode.eta_seconds = None
    encode.save()


def _add_first_task(apps: Any, encode: Any, now: Any) -> None:
    tasks = apps.get_model("videos", "EncodeTask").objects
    tasks.create(encode=encode, name="prepare", kind="prepare", not_before=now)


class Migration(migrations.Migration):
    dependencies = [("videos", "0003_encode_tasks")]

    operations = [migrations.RunPython(go_on, migrations.RunPython.noop)]

"""WebVTT that editors upload: checked by the rules of W3C WebVTT, section 4, before it is kept.

SubRip is taken too, and kept as WebVTT.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cms.videos.fields import subrip

MAX_BYTES = 1_000_000
"""Larger than any film's captions."""

MOST_AT_ONCE = 20
"""Cues that stand at the same moment: a screen has room for three lines."""

_TIME = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_CUE = re.compile(rf"^({_TIME})[ \t]+-->[ \t]+({_TIME})(?:[ \t].*)?$")


class CaptionFileInput(forms.FileInput):
    """A file input that says what is there already."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        attributes = {
            "accept": ".vtt,.srt,text/vtt,application/x-subrip",
            **(attrs or {}),
            "type": "file",
            "name": name,
        }
        cues = value.count("-->") if isinstance(value, str) else 0
        held = format_html("<p>{}</p>", _("Sudah ada %(cues)d baris teks.") % {"cues": cues})
        return format_html("{}<input{}>", held if cues else "", flatatt(attributes))


def text_of_upload(data: bytes) -> str:
    """Return the WebVTT text in `data`, which may be SubRip.

    Raises ValidationError with one sentence if it is neither.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(_("Berkas takarir terlalu besar. Batasnya 1 MB."), code="too_big")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("Berkas takarir bukan teks UTF-8. Simpan ulang dengan pengodean UTF-8."),
            code="not_text",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not subrip.is_subrip(text):
        check_webvtt(text)
        return text
    converted = subrip.to_webvtt(text)
    check_webvtt(converted, before=subrip.HEADER.count("\n"))
    return converted


class CaptionFormField(forms.FileField):
    """A file in, its text out. Without a new file the text stays."""

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        return upload if upload is None else text_of_upload(upload.read(MAX_BYTES + 1))


class CaptionField(models.TextField):
    """WebVTT text in the database, a file on the screen."""

    def formfield(self, **kwargs: Any) -> Any:
        return CaptionFormField(
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=kwargs.get("widget") or CaptionFileInput,
        )


def check_webvtt(text: str, before: int = 0) -> None:
    """Raise ValidationError with one sentence, naming the line, unless `text` is WebVTT.

    The person's file lacks the first `before` lines.
    """
    lines = text.splitlines()
    if not lines or not re.match(r"^WEBVTT(?:[ \t].*)?$", lines[0]):
        raise ValidationError(
            _("Berkas ini bukan takarir. Simpan ulang sebagai WebVTT (.vtt) atau SubRip (.srt)."),
            code="no_header",
        )
    last, standing, cues = -1.0, list[float](), 0
    for number, line in enumerate(lines[1:], start=2 - before):
        if "-->" not in line:
            continue
        last, end = _check_cue(line, number, last)
        standing = [*(each for each in standing if each > last), end]
        if len(standing) > MOST_AT_ONCE:
            raise ValidationError(
                _("Baris %(line)d takarir: lebih dari %(most)d teks tampil pada saat yang sama."),
                code="crowded",
                params={"line": number, "most": MOST_AT_ONCE},
            )
        cues += 1
    if not cues:
        raise ValidationError(
            _("Berkas takarir belum berisi satu pun teks berwaktu."), code="no_cues"
        )


def last_end(text: str) -> float:
    """Return when the last cue of a checked WebVTT `text` ends, in seconds; 0 without cues."""
    cues = (_CUE.match(line.strip()) for line in text.splitlines() if "-->" in line)
    return max((_seconds(cue[2]) for cue in cues if cue), default=0.0)


def _check_cue(line: str, number: int, last: float) -> tuple[float, float]:
    """Check one timing line; return its start and its end in seconds."""
    match = _CUE.match(line.strip())
    if not match:
        raise ValidationError(
            _("Baris %(line)d takarir: waktu ditulis seperti 00:01.000 --> 00:04.000."),
            code="bad_time",
            params={"line": number},
        )
    start, end = _seconds(match[1]), _seconds(match[2])
    if end <= start:
        raise ValidationError(
            _("Baris %(line)d takarir: waktu selesai harus sesudah waktu mulai."),
            code="end_before_start",
            params={"line": number},
        )
    if start < last:
        raise ValidationError(
            _("Baris %(line)d takarir: waktu mulai mendahului baris sebelumnya."),
            code="out_of_order",
            params={"line": number},
        )
    return start, end


def _seconds(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds

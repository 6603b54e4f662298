"""WebVTT that editors upload: checked by the rules of W3C WebVTT, section 4, before it is kept."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

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
        attributes = {"accept": ".vtt,text/vtt", **(attrs or {}), "type": "file", "name": name}
        cues = value.count("-->") if isinstance(value, str) else 0
        held = format_html("<p>{}</p>", _("Sudah ada %(cues)d baris teks.") % {"cues": cues})
        return format_html("{}<input{}>", held if cues else "", flatatt(attributes))


def text_of_upload(data: bytes) -> str:
    """Return the WebVTT text in `data`; raise ValidationError with one sentence if it is none."""
    if len(data) > MAX_BYTES:
        raise ValidationError(_("Berkas takarir terlalu besar. Batasnya 1 MB."), code="too_big")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("Berkas takarir bukan teks UTF-8. Simpan ulang sebagai WebVTT."), code="not_text"
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    check_webvtt(text)
    return text


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


def check_webvtt(text: str) -> None:
    """Raise ValidationError with one sentence, naming the line, unless `text` is WebVTT."""
    lines = text.splitlines()
    if not lines or not re.match(r"^WEBVTT(?:[ \t].*)?$", lines[0]):
        raise ValidationError(
            _("Berkas takarir harus diawali baris WEBVTT. Simpan ulang sebagai WebVTT (.vtt)."),
            code="no_header",
        )
    last, standing, cues = -1.0, list[float](), 0
    for number, line in enumerate(lines[1:], start=2):
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

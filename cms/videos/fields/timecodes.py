"""Times inside a video, as people write them: 45, 1.30, 01:02:03."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_PARTS = re.compile(r"\d{1,3}(?:[.:]\d{1,2}){0,2}")


def milliseconds_of(text: str) -> int:
    """Return the milliseconds that `text` means; raise ValueError if it means none.

    One number is seconds, two are minutes and seconds, three begin with hours.
    """
    text = text.strip()
    if not _PARTS.fullmatch(text):
        raise ValueError(text)
    parts = [int(part) for part in re.split(r"[.:]", text)]
    if any(part > 59 for part in parts[1:]):
        raise ValueError(text)
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + part
    return seconds * 1000


def text_of(milliseconds: int) -> str:
    """Return `milliseconds` as 0.45, 1.30 or 1.02.03 (the Indonesian way), whole seconds."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}.{minutes:02d}.{seconds:02d}"
    return f"{minutes}.{seconds:02d}"


class TimecodeFormField(forms.CharField):
    """Text in, milliseconds out."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return milliseconds_of(str(value))
        except ValueError:
            raise ValidationError(
                _("Waktu belum benar. Tulis menit dan detik, misalnya 1.30.")
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return text_of(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class TimecodeField(models.PositiveIntegerField):
    """Milliseconds in the database, a timecode on the screen."""

    def formfield(self, **kwargs: Any) -> Any:
        return TimecodeFormField(
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=kwargs.get("widget") or forms.TextInput(attrs={"size": 8, "inputmode": "text"}),
        )

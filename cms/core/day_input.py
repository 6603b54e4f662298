"""The field in which a browser's own calendar chooses a date."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """An input of type `date`, whose value is written as the browser reads it: 2026-12-02.

    Django writes a date as the language does. A browser shows such a value as no date at all,
    and the form is then sent without one.
    Source: HTML Standard, 4.10.5.1.7 "Date state".
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

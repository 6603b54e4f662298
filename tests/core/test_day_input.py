"""Inputs of a browser's own calendar and clock hold what the browser can read."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from django import forms
from django.urls import get_resolver
from django.utils.translation import override

DAY, CLOCK = date(2026, 12, 2), time(5, 0, 30)


def widgets(form: type = forms.BaseForm) -> Iterator[tuple[str, forms.Widget]]:
    """Yield the widgets of all forms that are loaded, with where they are."""
    for each in form.__subclasses__():
        for name, field in getattr(each, "base_fields", {}).items():
            yield f"{each.__module__}.{each.__name__}.{name}", field.widget
        yield from widgets(each)


def kind(widget: forms.Widget) -> str:
    return widget.attrs.get("type") or getattr(widget, "input_type", "")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("type_", "value", "read"), [("date", DAY, "2026-12-02"), ("time", CLOCK, "05:00:30")]
)
def test_every_one_is_filled_in_as_html_says(language, type_, value, read):
    assert get_resolver().url_patterns  # all forms are loaded
    with override(language):
        found = {
            where: widget.format_value(value)
            for where, widget in widgets()
            if kind(widget) == type_
        }
    assert found
    assert {where: shown for where, shown in found.items() if shown != read} == {}

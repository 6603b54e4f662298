"""Colours (those of frontend/src/css/tokens.css on paper) and fonts of what is drawn."""

from importlib.util import find_spec
from pathlib import Path

BRAND, ACCENT, ON_BRAND = "#6a1b43", "#f6b52b", "#ffffff"
INK, QUIET, LINE = "#000000", "#444444", "#bbbbbb"
TONES = {"ok": "#0b6a3c", "warn": "#734600", "bad": "#b0151a"}

REGULAR, BOLD, BLACK = "SourceSansPro-Regular", "SourceSansPro-Bold", "SourceSansPro-Black"


def font_file(name: str) -> Path:
    """Return where the package keeps a font. Its own module makes a name of each at import."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package font-source-sans-pro is missing: run make again.")
    return Path(spec.origin).with_name("files") / f"{name}.ttf"

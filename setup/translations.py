"""Compile the .po files named as arguments into the .mo files beside them.

Wagtail keeps its Indonesian under id_ID, where the language "id" does not look, and it
is half done. So our catalogues for "id" take in what they lack from there.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def main(catalogues: list[str]) -> None:
    for name in catalogues:
        path = Path(name)
        catalogue = read(path, path.parents[1].name)
        if path.parents[1].name == "id":
            fill_from_wagtail(catalogue, path.name)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


def read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def fill_from_wagtail(catalogue: Catalog, file_name: str) -> None:
    """Add Wagtail's own translations for what `catalogue` has none for."""
    wagtail = find_spec("wagtail")
    if wagtail is None or wagtail.origin is None:
        raise SystemExit("The package wagtail is missing: run make again.")
    root = Path(wagtail.origin).parent
    for path in sorted(root.rglob(f"locale/id_ID/LC_MESSAGES/{file_name}")):
        for message in read(path, "id"):
            plain = message.string if isinstance(message.string, str) else message.string[0]
            if message.id and plain and catalogue.get(message.id, message.context) is None:
                # Indonesian has one form: a second one would be dropped with a warning.
                text = plain if isinstance(message.id, str) else (plain,)
                catalogue.add(message.id, text, context=message.context)


if __name__ == "__main__":
    main(sys.argv[1:])

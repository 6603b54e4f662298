"""Compile the .po files named as arguments into the .mo files beside them."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def main(catalogues: list[str]) -> None:
    for name in catalogues:
        path = Path(name)
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parents[1].name, abort_invalid=True)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Places in Indonesia whose prayer times a channel may keep.

`cities.csv` is written by `setup/cities.py` from GeoNames (geonames.org, CC BY 4.0). A name that is
English or misspelt there is corrected in `names.csv`, which that script reads.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cms.core.formats import ZONE_NAMES

FILE = Path(__file__).with_name("cities.csv")


@dataclass(frozen=True)
class City:
    """A place; `pk` is its GeoNames id, degrees are north and east, `zone` an IANA name."""

    pk: int
    name: str
    latitude: float
    longitude: float
    zone: str


@cache
def cities() -> dict[int, City]:
    """Return all places by id, in order of name."""
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = [
            City(
                int(row["geonameid"]),
                row["name"],
                float(row["latitude"]),
                float(row["longitude"]),
                row["timezone"],
            )
            for row in csv.DictReader(file)
        ]
    return {city.pk: city for city in rows}


ELSEWHERE = {"kota banjar", "kabupaten banjar", "kab. banjar"}
"""Regions whose name is that of a place that is not in them."""


def city_named(name: str, zone: str = "") -> City | None:
    """Return the place that an address means by `name`; "Kota Denpasar" is Denpasar.

    None if no place of that name has the clock of `zone`, or the region of that name is
    another: then an editor chooses.
    """
    words = name.casefold().strip()
    if words in ELSEWHERE:
        return None
    for title in ("kota ", "kabupaten ", "kab. ", "dki "):
        words = words.removeprefix(title)
    # Parts of Jakarta share its sky and its published table.
    words = "jakarta" if words.startswith("jakarta ") else words
    found = _by_name().get(words.replace(" ", ""), [])
    # Pontianak has a zone of its own, and the clock of Jakarta.
    clock = ZONE_NAMES.get(zone)
    return next((city for city in found if not zone or ZONE_NAMES[city.zone] == clock), None)


@cache
def _by_name() -> dict[str, list[City]]:
    """Return places by name without spaces: people write Palangka Raya, others Palangkaraya."""
    found: dict[str, list[City]] = {}
    for city in cities().values():
        found.setdefault(city.name.casefold().replace(" ", ""), []).append(city)
    return found

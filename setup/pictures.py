"""Take the handbook's pictures from the screenshots that the browser tests left in var/shots.

Run `make test` first, then `.venv/bin/python -m setup.pictures`; look at them and commit.
"""

import sys

from PIL import Image

from setup.prepare import ROOT

SHOTS = ROOT / "var" / "shots"
PICTURES = ROOT / "docs" / "pictures"
TAKEN = {
    "live-360": "test_the_product_card_comes_with_the_programme*phone*/card.png",
    "unggah-360": "test_*/uploading-360.png",
    "video-360": "test_*/growing-360.png",
    "susunan-360": "test_*/2-day.png",
    "studio-360": "test_a_trader_makes_a_segment*/1-studio.png",
    "produk-360": "test_a_trader_makes_a_segment*/2-products.png",
    "segmen-360": "test_a_trader_makes_a_segment*/3-segment-waits.png",
    "data-360": "test_a_trader_makes_a_segment*/6-data.png",
    "bukti-360": "test_a_trader_makes_a_segment*/7-proofs.png",
}
"""Name in the documents, and the screenshot that it is made of."""


def main() -> int:
    """Write the pictures with at most 64 colours: 20 to 40 kB each."""
    PICTURES.mkdir(exist_ok=True)
    missing = 0
    for name, pattern in TAKEN.items():
        shot = next(iter(sorted(SHOTS.glob(pattern))), None)
        if shot is None:
            print(f"No screenshot matches {pattern}: run `make test` first.", file=sys.stderr)
            missing += 1
            continue
        picture = Image.open(shot).convert("RGB")
        picture.quantize(64, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Words that promise more than a price: claims that need proof before they are advertised.

Pure. Which words: Etika Pariwara Indonesia 2020, 1.2.2 (superlatives), 1.2.3 ("100%",
"murni", "asli", "halal"), 1.13 (guarantees); health of food and cosmetics: Perka BPOM
1/2022 and 3/2022. What is found is shown to the coordinator, who judges.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Claim(StrEnum):
    """What is claimed."""

    HEALTH = "health"
    BEST = "best"
    PURE = "pure"
    SURE = "sure"
    HALAL = "halal"
    PIRT = "pirt"
    BPOM = "bpom"


@dataclass(frozen=True)
class Claimed:
    """A claim, and the words (as they were written, small letters) that make it."""

    claim: Claim
    words: str


# "ter-" alone says nothing: terong, terasi, terigu and "terbuat dari" are no superlatives.
_BEST_AT = (
    "awet|bagus|baik|besar|bersih|cepat|enak|favorit|gurih|hebat|hemat|jamin|kenal|kuat|laku|"
    "laris|lengkap|lezat|manis|manjur|mantap|mewah|murah|nikmat|pedas|percaya|populer|puas|"
    "renyah|sedap|segar|sehat|sip|tinggi|top|unggul|wangi"
)
_PATTERNS: tuple[tuple[Claim, str], ...] = (
    (Claim.BEST, rf"ter[- ]?(?:{_BEST_AT})"),
    (Claim.BEST, r"paling \w+"),
    (Claim.BEST, r"(?:nomor|nomer|no ?\.?) ?(?:satu|1)|# ?1|number one|juara"),
    (Claim.BEST, r"satu[- ]satunya|tiada (?:banding|tanding)\w*|tak tertandingi"),
    (Claim.HEALTH, r"obat(?! nyamuk)|obat\w+|meng?obat\w*|jamu"),
    (Claim.HEALTH, r"(?:di)?sembuh\w*|[mp]enyembuh\w*|(?:ber)?khasiat\w*|manjur|mujarab|ampuh"),
    (Claim.HEALTH, r"menyehatkan|(?:meng)?atasi penyakit|penyakit"),
    (
        Claim.HEALTH,
        r"(?:menurunkan|turunkan|penurun|mengurangi|mencegah|pencegah|melawan|anti)[- ]?"
        r"(?:kolesterol|gula darah|tekanan darah|darah tinggi|berat badan|diabetes|kanker|"
        r"asam urat|stroke|jantung|virus|jerawat|penuaan|aging)",
    ),
    (Claim.HEALTH, r"diabetes|kanker|kolesterol|asam urat|darah tinggi|hipertensi|stroke"),
    (Claim.HEALTH, r"(?:pe|me)langsing\w*|detoks\w*|(?:pe|me)mutih\w*|vitalitas|stamina|imun\w*"),
    (Claim.HEALTH, r"(?:bebas|rendah|tanpa) (?:gula|lemak|kolesterol|kalori)"),
    (Claim.PURE, r"100 ?(?:%|persen)|murni|asli|organik|alami|original"),
    (Claim.PURE, r"(?:tanpa|bebas) (?:bahan )?(?:pengawet|msg|pewarna|pemanis|kimia|pestisida)"),
    (Claim.SURE, r"(?:di)?jamin\w*|garansi\w*|bergaransi|pasti \w+"),
    (Claim.HALAL, r"halal"),
    (Claim.PIRT, r"p[- .]?irt"),
    (Claim.BPOM, r"bpom|badan pom"),
)
_COMPILED = tuple(
    (claim, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")) for claim, pattern in _PATTERNS
)


def claims_in(*texts: str) -> list[Claimed]:
    """Return the claims that `texts` make, each wording once, in the order of the words."""
    found: dict[Claimed, None] = {}
    for text in texts:
        said = plain(text)
        hits = [(m.start(), claim, m[0]) for claim, rule in _COMPILED for m in rule.finditer(said)]
        for _at, claim, words in sorted(hits):
            found.setdefault(Claimed(claim, words))
    return list(found)


def plain(text: str) -> str:
    """Return `text` in small letters, one space between words, and one dash for all: "Ter–MURAH" is "ter-murah"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[‐‑‒–—−]", "-", folded).split())

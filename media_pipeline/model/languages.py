"""Languages of sounds and captions: tags for machines (BCP 47), names for people in Bahasa."""

UNKNOWN = "und"

_TAGS = {
    # Files carry ISO 639-2, with two codes for some; players and browsers want BCP 47,
    # which takes the two-letter code where there is one (RFC 5646, 2.2.1).
    **{"ind": "id", "jav": "jv", "sun": "su", "msa": "ms", "may": "ms", "eng": "en"},
    **{"ara": "ar", "zho": "zh", "chi": "zh", "nld": "nl", "dut": "nl", "jpn": "ja", "kor": "ko"},
    **{"hin": "hi", "tam": "ta", "tha": "th", "vie": "vi", "tgl": "tl", "por": "pt", "spa": "es"},
    **{"fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "rus": "ru", "tur": "tr", "ita": "it"},
    # Withdrawn codes that old files still have.
    **{"in": "id", "jw": "jv"},
}

_NAMES = {
    "id": "Bahasa Indonesia",
    "jv": "Jawa",
    "su": "Sunda",
    "mad": "Madura",
    "min": "Minangkabau",
    "ban": "Bali",
    "bug": "Bugis",
    "mak": "Makassar",
    "ace": "Aceh",
    "bjn": "Banjar",
    "sas": "Sasak",
    "btk": "Batak",
    "bbc": "Batak Toba",
    "bew": "Betawi",
    "osi": "Osing",
    "nia": "Nias",
    "gor": "Gorontalo",
    "lam": "Lampung",
    "ljp": "Lampung",
    "mui": "Palembang",
    "ms": "Melayu",
    "en": "Inggris",
    "ar": "Arab",
    "zh": "Mandarin",
    "nl": "Belanda",
    "ja": "Jepang",
    "ko": "Korea",
    "hi": "Hindi",
    "ta": "Tamil",
    "th": "Thai",
    "vi": "Vietnam",
    "tl": "Tagalog",
    "pt": "Portugis",
    "es": "Spanyol",
    "fr": "Prancis",
    "de": "Jerman",
    "ru": "Rusia",
    "tr": "Turki",
    "it": "Italia",
}


def tag_of(code: str) -> str:
    """Return the BCP 47 tag of what a file calls its language, or `und`."""
    base = code.strip().lower().replace("_", "-").partition("-")[0]
    if not (base.isascii() and base.isalpha() and 2 <= len(base) <= 3):
        return UNKNOWN
    # Codes for "none", "several", "uncoded" and those kept for private use tell nobody anything.
    if base in ("mul", "zxx", "mis", UNKNOWN) or "qaa" <= base <= "qtz":
        return UNKNOWN
    return _TAGS.get(base, base)


def name_of(tag: str) -> str:
    """Return the language's name in Bahasa Indonesia, or "" for one that has none here."""
    return _NAMES.get(tag, "")

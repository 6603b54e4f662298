"""One small function for each HLS tag that Siar writes (RFC 8216 and 8216bis)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from media_pipeline.model.ticks import TIMESCALE


class Word(str):
    """An attribute's value that stands without quotes: an enumeration or a resolution."""

    __slots__ = ()


type Value = str | Word | int | float

_UNQUOTABLE = str.maketrans({'"': "”", "\r": " ", "\n": " ", "\0": ""})


def attributes(pairs: Mapping[str, Value]) -> str:
    """An attribute list (4.2): text is quoted, words and numbers are not."""
    return ",".join(f"{name}={_attribute(value)}" for name, value in pairs.items())


def _attribute(value: Value) -> str:
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        # A quoted string has no escapes: it may hold neither quotes nor line ends (4.2).
        return f'"{value.translate(_UNQUOTABLE)}"'
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def head(version: int = 7) -> list[str]:
    """EXTM3U and EXT-X-VERSION (4.3.1); 7 is the first with fMP4 in the sense of CMAF."""
    return ["#EXTM3U", f"#EXT-X-VERSION:{version}", "#EXT-X-INDEPENDENT-SEGMENTS"]


def target_duration(longest: int) -> str:
    """EXT-X-TARGETDURATION (4.3.3.1): `longest` in ticks to the nearest second, at least 4.

    At least 4, since a growing or live playlist may never change it.
    """
    return f"#EXT-X-TARGETDURATION:{max(4, (2 * longest + TIMESCALE) // (2 * TIMESCALE))}"


def extinf(ticks: int) -> str:
    """EXTINF (4.3.2.1) of `ticks` of 1/90,000 s."""
    return f"#EXTINF:{ticks / TIMESCALE:.6f},"


def byterange(length: int, offset: int) -> str:
    """EXT-X-BYTERANGE (4.3.2.2), always with its offset."""
    return f"#EXT-X-BYTERANGE:{length}@{offset}"


def init_map(uri: str, *, length: int | None = None, offset: int = 0) -> str:
    """EXT-X-MAP (4.3.2.5); with `length`, of a part of the file."""
    pairs: dict[str, Value] = {"URI": uri}
    if length is not None:
        pairs["BYTERANGE"] = f"{length}@{offset}"
    return f"#EXT-X-MAP:{attributes(pairs)}"


def program_date_time(moment: datetime) -> str:
    """EXT-X-PROGRAM-DATE-TIME (4.3.2.6) to the millisecond."""
    return f"#EXT-X-PROGRAM-DATE-TIME:{instant(moment)}"


def daterange(pairs: Mapping[str, Value]) -> str:
    """EXT-X-DATERANGE (4.3.2.7)."""
    return f"#EXT-X-DATERANGE:{attributes(pairs)}"


def media(pairs: Mapping[str, Value]) -> str:
    """EXT-X-MEDIA (4.3.4.1)."""
    return f"#EXT-X-MEDIA:{attributes(pairs)}"


def session_data(name: str, value: str) -> str:
    """EXT-X-SESSION-DATA (4.3.4.4)."""
    return f"#EXT-X-SESSION-DATA:{attributes({'DATA-ID': name, 'VALUE': value})}"


def stream_inf(pairs: Mapping[str, Value]) -> str:
    """EXT-X-STREAM-INF (4.3.4.2)."""
    return f"#EXT-X-STREAM-INF:{attributes(pairs)}"


def iframe_stream_inf(pairs: Mapping[str, Value]) -> str:
    """EXT-X-I-FRAME-STREAM-INF (4.3.4.3)."""
    return f"#EXT-X-I-FRAME-STREAM-INF:{attributes(pairs)}"


def text(lines: Iterable[str]) -> str:
    """A playlist of `lines`."""
    return "\n".join(lines) + "\n"


def instant(moment: datetime) -> str:
    """An aware UTC moment in ISO 8601 with milliseconds and a Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

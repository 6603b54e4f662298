"""The multivariant playlist against the tracks that it names."""

from collections.abc import Iterable
from fractions import Fraction

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Findings
from media_pipeline.verify.reading.playlists import Line, Master
from media_pipeline.verify.renditions import Rendition, load

MASTER = "master.m3u8"

_OVER = Fraction(11, 10)
_AVERAGE_OFF = Fraction(2, 100)


class Presentation:
    """All that the multivariant playlist leads to, each rendition read once."""

    def __init__(self, master: Master, files: Files, findings: Findings) -> None:
        self.master, self._files, self._findings = master, files, findings
        self._loaded: dict[str, Rendition | None] = {}

    def rendition(self, uri: str) -> Rendition | None:
        """Return the rendition with the playlist `uri`, or None if it cannot be read."""
        if uri not in self._loaded:
            self._loaded[uri] = load(uri, self._files, self._findings)
        return self._loaded[uri]

    @property
    def renditions(self) -> tuple[Rendition, ...]:
        """Every rendition that could be read."""
        return tuple(found for found in self._loaded.values() if found is not None)

    @property
    def videos(self) -> tuple[Rendition, ...]:
        """Those of picture."""
        return tuple(r for r in self.renditions if r.track.kind == "vide")

    @property
    def duration(self) -> Fraction | None:
        """Length of the title in seconds; None if no rendition is whole."""
        whole = [r.duration for r in (*self.videos, *self.sounds) if r.whole]
        return whole[0] if whole else None

    @property
    def sounds(self) -> tuple[Rendition, ...]:
        """Those of sound."""
        return tuple(r for r in self.renditions if r.track.kind == "soun")


def check_master(shown: Presentation, findings: Findings) -> None:
    """Read every rendition that the playlist names and check what it says of it."""
    for line in shown.master.media:
        if line.attributes.get("TYPE") == "AUDIO" and line.uri:
            shown.rendition(line.uri)
    if not shown.master.variants:
        findings.add(MASTER, "it offers nothing to play (EXT-X-STREAM-INF)")
    for line in shown.master.variants:
        _check_variant(line, shown, findings)


def _check_variant(line: Line, shown: Presentation, findings: Findings) -> None:
    main = shown.rendition(line.uri)
    sounds = _sounds(line, shown, findings)
    if main is None or not all(one.whole for one in (main, *sounds)):
        return
    # Of a variant of sound alone, the others of its group take its place and are not added.
    others = [] if main.track.kind == "soun" else sounds
    check_rates(
        line,
        main.peak + max((sound.peak for sound in others), default=0),
        main.average + max((sound.average for sound in others), default=0),
        findings,
    )
    check_codecs(line, {main.track.codec, *(sound.track.codec for sound in others)}, findings)
    if main.track.kind == "vide":
        check_picture(line, main, findings)


def _sounds(line: Line, shown: Presentation, findings: Findings) -> list[Rendition]:
    """Return the sounds of the variant's audio group."""
    group = line.attributes.get("AUDIO")
    if group is None:
        return []
    members = [
        media
        for media in shown.master.media
        if media.attributes.get("TYPE") == "AUDIO" and media.attributes.get("GROUP-ID") == group
    ]
    findings.expect(members, MASTER, f"there is no audio group {group!r}", f"line {line.line}")
    found = (shown.rendition(media.uri) for media in members if media.uri)
    return [sound for sound in found if sound is not None]


def check_rates(line: Line, highest: Fraction, mean: Fraction, findings: Findings) -> None:
    """BANDWIDTH and AVERAGE-BANDWIDTH are what `highest` and `mean` are, in bits a second."""
    where = f"line {line.line}"
    claimed = _number(line, "BANDWIDTH", findings)
    if claimed is not None:
        findings.expect(
            claimed >= int(highest),
            MASTER,
            f"BANDWIDTH says {claimed}, {line.uri} needs {int(highest)} bits a second",
            where,
        )
        findings.expect(
            claimed <= highest * _OVER,
            MASTER,
            f"BANDWIDTH says {claimed}, {line.uri} needs only {int(highest)} bits a second",
            where,
        )
    claimed = _number(line, "AVERAGE-BANDWIDTH", findings)
    if claimed is not None:
        findings.expect(
            abs(claimed - mean) <= mean * _AVERAGE_OFF,
            MASTER,
            f"AVERAGE-BANDWIDTH says {claimed}, {line.uri} has {int(mean)} bits a second",
            where,
        )


def _number(line: Line, name: str, findings: Findings) -> int | None:
    text = line.attributes.get(name, "")
    known = text.isascii() and text.isdecimal()
    if not findings.expect(known, MASTER, f"{name} is missing", f"line {line.line}"):
        return None
    return int(text)


def check_codecs(line: Line, found: Iterable[str], findings: Findings) -> None:
    """CODECS names each of `found`."""
    claimed = [name.strip().lower() for name in line.attributes.get("CODECS", "").split(",")]
    for codec in sorted(found):
        findings.expect(
            # AV1 and others may go on with optional parts.
            any(f"{name}.".startswith(f"{codec.lower()}.") for name in claimed),
            MASTER,
            f"CODECS says {','.join(claimed)!r}, a track of {line.uri} is {codec}",
            f"line {line.line}",
        )


def check_picture(line: Line, main: Rendition, findings: Findings) -> None:
    """RESOLUTION and FRAME-RATE are those of `main`."""
    where = f"line {line.line}"
    size = f"{main.track.width}x{main.track.height}"
    claimed = line.attributes.get("RESOLUTION", "")
    findings.expect(
        claimed == size, MASTER, f"RESOLUTION says {claimed!r}, {line.uri} has {size}", where
    )
    rate = line.attributes.get("FRAME-RATE")
    if rate is not None and main.frame:
        true = float(1 / main.frame)
        findings.expect(
            _near(rate, true), MASTER, f"FRAME-RATE says {rate}, {line.uri} has {true:.3f}", where
        )


def _near(text: str, true: float) -> bool:
    try:
        return abs(float(text) - true) < 0.01
    except ValueError:
        return False

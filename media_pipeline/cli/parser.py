"""What can be typed. Each command's help teaches by examples."""

import argparse
import os
from pathlib import Path

from media_pipeline.cli import bench, checking, publishing, serving, sources

EXIT_CODES = """\
exit codes:
  0    done; of `origin` also: ended by SIGTERM
  1    a tool or the store failed, and trying again may help; or `verify` found something;
       or who read the output, such as `head`, has closed it
  2    the command line is wrong, or names a folder that is none
  3    the file cannot be published; one sentence on stderr says why
  130  stopped by Ctrl-C or SIGTERM; nothing is left behind
"""

_EPILOG = f"""\
examples:
  python -m media_pipeline probe market.mp4                   # what is it?
  python -m media_pipeline plan market.mp4                    # what would be made of it, and why
  python -m media_pipeline publish market.mp4 www/market      # play www/market/master.m3u8
  python -m media_pipeline verify www/market                  # is it as players need it?
  python -m media_pipeline bench                              # how fast is this machine?
  python -m media_pipeline origin --store published --port 8080

Each command tells more: python -m media_pipeline publish --help.
ffmpeg and ffprobe come with Siar; SIAR_FFMPEG and SIAR_FFPROBE choose others.

{EXIT_CODES}"""

_PROBE = f"""\
examples:
  python -m media_pipeline probe market.mp4
  python -m media_pipeline probe --json market.mp4 | jq .video.frame_rate

The file is looked into, not decoded: it takes a moment, whatever its length.
To a person it speaks in lines, to a script (or with --json) in JSON.

{EXIT_CODES}"""

_PLAN = f"""\
examples:
  python -m media_pipeline plan market.mp4
  python -m media_pipeline plan --workers 4 market.mp4
  python -m media_pipeline plan --json market.mp4 | jq '.rungs[].reason'

Nothing is encoded. Shown are what a look at the picture found, the rungs with the
reason for each, the tasks that workers would share, and the ffmpeg commands of each, ready for a shell. What
depends on an earlier command (the gain of the sound) is shown as 0 dB.

{EXIT_CODES}"""

_PUBLISH = f"""\
examples:
  python -m media_pipeline publish market.mp4 www/market
  python -m media_pipeline publish --workers 4 market.mp4 www/market
  python -m media_pipeline publish market.mp4 published --store
  python -m media_pipeline publish market.mp4 s3://siar --store
  python -m media_pipeline publish --json-progress market.mp4 www/market

OUTDIR appears when it is whole and plays from any web server: master.m3u8 for HLS,
manifest.mpd for DASH. With --store it grows in sight, under publications/ID/,
where an origin plays it from the first seconds on.
A terminal sees a bar with the stage, the part that is done and the time left, a
log a line for each tenth; --json-progress prints the same as one JSON object a
line, the last of them with the folder and the report of what was found in the file.

{EXIT_CODES}"""

_VERIFY = f"""\
examples:
  python -m media_pipeline verify www/market
  python -m media_pipeline verify --json www/market
  python -m media_pipeline verify --store published 0123456789abcdef0123456789abcdef
  python -m media_pipeline verify --store s3://siar 0123456789abcdef0123456789abcdef

Reads a publication as a player would that knows nothing of Siar: boxes, decode
times, key frames, equal boundaries in all rungs, sound against picture, bit
rates and codecs against what the playlists promise, DASH against HLS, key frame
playlists, covers, storyboard, captions, and the file to keep, of which 20 s are
decoded; with --store chapters and cards as well. A title that is still being
made is called so. Each finding is one line: the file, the place in it, what is
wrong. Nothing is printed about a good one on stdout; the exit code is 0 then, else 1.

{EXIT_CODES}"""

_BENCH = f"""\
examples:
  python -m media_pipeline bench
  python -m media_pipeline bench --seconds 20
  python -m media_pipeline bench market.mp4
  python -m media_pipeline bench --json | jq .hour

Encodes the first seconds of FILE, or of a made film of 1080 lines, rung by rung
and then as one ladder, and says how many times faster than real time that is,
and what an hour of such a film costs here. A made film is harder than a talking
head and easier than a match: measure with a film like yours.
Run it on a machine that does nothing else.

{EXIT_CODES}"""

_ORIGIN = f"""\
examples:
  python -m media_pipeline origin --store published --port 8080
  python -m media_pipeline origin --store s3://siar --media-url https://media.example/ --port 8080

Serves /live/CHANNEL/master.m3u8 and /vod/ID/master.m3u8 from the files of a store
alone, until Ctrl-C or SIGTERM. Needs no database.

{EXIT_CODES}"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets `command` to the function that does it."""
    made = argparse.ArgumentParser(
        prog="python -m media_pipeline",
        description="Turns video files into publications that phones and channels play.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, summary: str, epilog: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    _probe(command("probe", "say what a file is", _PROBE))
    _plan(command("plan", "say what would be made of a file, and why, without making it", _PLAN))
    _publish(command("publish", "encode a file into a folder of HLS and DASH", _PUBLISH))
    _verify(command("verify", "check a publication as an independent reader", _VERIFY))
    _bench(command("bench", "measure how fast this machine encodes", _BENCH))
    _origin(command("origin", "serve the channels and programmes of a store", _ORIGIN))
    return made


def _probe(probe: argparse.ArgumentParser) -> None:
    probe.add_argument("file", type=Path, metavar="FILE")
    _json(probe)
    probe.set_defaults(command=sources.probe)


def _plan(plan: argparse.ArgumentParser) -> None:
    plan.add_argument("file", type=Path, metavar="FILE")
    _workers(plan)
    _extras(plan)
    _json(plan)
    plan.set_defaults(command=sources.plan)


def _publish(publish: argparse.ArgumentParser) -> None:
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument(
        "folder",
        metavar="OUTDIR",
        help="a folder that is not there yet, or is empty; with --store a store",
    )
    publish.add_argument(
        "--store",
        action="store_true",
        help="OUTDIR is a published store, a folder or s3://BUCKET[/PREFIX]: "
        "add the publication to it, and let it grow in sight",
    )
    _workers(publish)
    _extras(publish)
    publish.add_argument(
        "--download", action="store_true", help="a plain MP4 to keep as well, of at most 360 lines"
    )
    publish.add_argument(
        "--json-progress", action="store_true", help="one JSON object a line on stdout"
    )
    _s3(publish)
    publish.set_defaults(command=publishing.publish)


def _verify(verify: argparse.ArgumentParser) -> None:
    verify.add_argument(
        "publication", metavar="DIR", help="a publication's folder; with --store its id"
    )
    verify.add_argument("--store", metavar="STORE", help="a folder, or s3://BUCKET[/PREFIX]")
    _json(verify)
    _s3(verify)
    verify.set_defaults(command=checking.verify_publication)


def _bench(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=Path, metavar="FILE", nargs="?", help="a film like yours")
    made.add_argument(
        "--seconds", type=_seconds, default=8, metavar="N", help="how much is encoded (8)"
    )
    _json(made)
    made.set_defaults(command=bench.bench)


def _origin(origin: argparse.ArgumentParser) -> None:
    origin.add_argument(
        "--store", required=True, metavar="STORE", help="a folder, or s3://BUCKET[/PREFIX]"
    )
    origin.add_argument("--port", type=int, required=True, metavar="N")
    origin.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    origin.add_argument(
        "--media-url",
        default="",
        metavar="URL",
        help="where viewers fetch the store's files; this process serves those of a folder",
    )
    _s3(origin)
    origin.set_defaults(command=serving.origin)


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="JSON, also on a terminal")


def _extras(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--av1", action="store_true", help="rungs in AV1 besides H.264: fewer bytes, more CPU"
    )
    command.add_argument(
        "--opus", action="store_true", help="sounds in Opus besides AAC: half the bytes"
    )


def _workers(command: argparse.ArgumentParser) -> None:
    usual = max(1, (os.cpu_count() or 1) // 2)
    command.add_argument(
        "--workers",
        type=_at_least_one,
        default=usual,
        metavar="N",
        help=f"tasks that run at once (half of the processors: {usual})",
    )


def _s3(command: argparse.ArgumentParser) -> None:
    for name in ("endpoint", "region"):
        setting = f"SIAR_S3_{name.upper()}"
        command.add_argument(
            f"--s3-{name}",
            default=os.environ.get(setting) or None,
            metavar="S3",
            help=f"{name} of the bucket ({setting})",
        )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of workers")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 4 <= int(text) <= 600:
        raise argparse.ArgumentTypeError("4 to 600 seconds are encoded")
    return int(text)

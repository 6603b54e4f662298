"""From the answer to the last PATCH of an upload to the first frame in Chromium.

    python -m benchmarks.first_playable [--uploads 20] [--lengths 30,120,600] [--size 1280x720]

Starts an install of its own (web with origin, one worker) on the local store, signs in
with Chromium, and for each upload: sends a made film by tus, and in the same moment lets
the editor's own player (preview.js with hls.js) play what is being encoded. Measured is
`requestVideoFrameCallback`; both moments are of this machine's clock. The work is
cancelled after each, so that the next meets an idle machine. Prints the median and the
90th percentile, and for each stage where the time went. With --open the page of the
video is opened anew each time, and its loading counts.

Target: 90th percentile ≤ 3 s on two idle cores, for titles up to ten minutes.
"""

import argparse
import base64
import http.client
import sqlite3
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import targets
from benchmarks.install import LOGIN, ROOT, Install, make_film, running
from setup.services import chromium, install_chromium

WANTED = 3.0
"""Seconds that the 90th percentile may take."""

PATIENCE = 120_000
"""Ms after which an upload counts as never playable."""

PLAY = """
async ([video, patience]) => {
  const box = document.querySelector("[data-siar-preview]");
  const player = box.querySelector("video");
  player.muted = true;
  if (video) {
    // The page is of another film: it would ask for that one's state and stop the player.
    for (const place of document.querySelectorAll("[data-siar-state]"))
      place.removeAttribute("data-siar-state");
    const answer = await fetch(`/admin/video/states/?id=${video}`);
    const { videos } = await answer.json();
    box.dataset.siarPreview = videos[video].preview;
  }
  // This takes the film before out of the player at once, whose frames must not count.
  box.querySelector("[data-play]").click();
  return await new Promise((resolve, reject) => {
    player.requestVideoFrameCallback(() => resolve(performance.timeOrigin + performance.now()));
    setTimeout(() => reject(new Error("no frame")), patience);
  });
}
"""

EDIT = "/admin/video/edit/{}/"
MARKET = "from cms.cooperatives.models import Cooperative; print(Cooperative.objects.get().pk)"

TASKS = """
select t.name, t.started, t.finished from videos_encodetask t
join videos_encode e on e.id = t.encode_id where e.video_id = ?
"""
"""When each task of a title was claimed and done."""


class Canceller:
    """A process of the install that cancels titles, kept: starting Django takes a second."""

    CODE = """
import sys, time
import django
django.setup()
from cms.core import clock
from cms.videos.actions import do_cancel_encode
from cms.videos.models import EncodeTask, Video
for line in sys.stdin:
    do_cancel_encode(Video.objects.get(pk=int(line)), clock.now())
    while EncodeTask.objects.filter(state="working").exists():
        time.sleep(0.1)
    print("idle", flush=True)
"""

    def __init__(self, install: Install) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.CODE],
            cwd=ROOT,
            env=install.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        install.children.append(self._process)

    def cancel(self, video: str) -> None:
        """Cancel `video`, and wait until the machine is idle again."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{video}\n".encode())
        self._process.stdin.flush()
        if self._process.stdout.readline().strip() != b"idle":
            raise SystemExit("the work could not be cancelled")
        time.sleep(1)


def main() -> int:
    """Measure and print; return 1 if the target was missed."""
    arguments = _arguments()
    install_chromium()
    lengths = [int(text) for text in arguments.lengths.split(",")]
    with running() as install, sync_playwright() as playwright:
        films = {
            seconds: make_film(install.var / f"{seconds}.mp4", seconds=seconds, size=arguments.size)
            for seconds in lengths
        }
        install.start_web()
        install.start_worker()
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--autoplay-policy=no-user-gesture-required", "--no-sandbox"],
        )
        page = browser.new_context(base_url=install.base, locale="id").new_page()
        _sign_in(page)
        market = install.python(MARKET)
        first, _ = _upload(install, page, market, films[lengths[0]])
        page.goto(EDIT.format(first))
        canceller = Canceller(install)
        canceller.cancel(first)
        rows = []
        for number in range(arguments.uploads):
            seconds = lengths[number % len(lengths)]
            film = films[seconds]
            stages = _measure(install, page, market, film, canceller, opens=arguments.open)
            rows.append({"length": seconds, **stages})
            _tell(rows[-1])
        browser.close()
        return _report(rows)


def _measure(
    install: Install, page: Page, market: str, film: Path, canceller: Canceller, *, opens: bool
) -> dict[str, float]:
    """Upload `film` and return the seconds from the answer to each stage and to the frame."""
    video, answered = _upload(install, page, market, film)
    if opens:
        page.goto(EDIT.format(video))
    frame = page.evaluate(PLAY, ["" if opens else video, PATIENCE]) / 1000
    stages = _stages(install, video, answered)
    canceller.cancel(video)
    return {**stages, "frame": frame - answered}


def _stages(install: Install, video: str, answered: float) -> dict[str, float]:
    """Return the moments of the rows and of the store, in seconds after the answer."""
    with sqlite3.connect(f"file:{install.var}/siar.sqlite3?mode=ro", uri=True) as database:
        query = "select publication from videos_encode where video_id = ?"
        publication = database.execute(query, (video,)).fetchone()[0]
        rows = database.execute(TASKS, (video,)).fetchall()
    found: dict[str, float] = {}
    for name, started, finished in rows:
        for word, moment in (("claimed", started), ("done", finished)):
            if moment and name in ("prepare", "opening"):
                at = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
                found[f"{name} {word}"] = at - answered
    folder = install.var / "published" / "publications" / publication
    for name, pattern in (("first picture", "*/v*/00001.m4s"), ("first sound", "*/a*/00001.m4s")):
        times = [path.stat().st_mtime for path in folder.glob(pattern)]
        if times:
            found[name] = min(times) - answered
    return found


def _upload(install: Install, page: Page, market: str, film: Path) -> tuple[str, float]:
    """Send `film` by tus in two parts; return the video's id and the moment of the last answer."""
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    common = {"Cookie": cookies, "Tus-Resumable": "1.0.0"}
    connection = http.client.HTTPConnection("localhost", install.port)
    size = film.stat().st_size
    pairs = {"filename": film.name, "cooperative": market}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
    created = {"Upload-Length": str(size), "Upload-Metadata": metadata, "Content-Length": "0"}
    connection.request("POST", "/uploads/", headers=common | created)
    answer = connection.getresponse()
    answer.read()
    address = answer.headers["Location"]
    with film.open("rb") as source:
        for start, end in ((0, size // 2), (size // 2, size)):
            headers = {
                "Upload-Offset": str(start),
                "Content-Type": "application/offset+octet-stream",
            }
            connection.request("PATCH", address, source.read(end - start), common | headers)
            answer = connection.getresponse()
            answered = time.time()
            answer.read()
    connection.close()
    return answer.headers["Siar-Video"], answered


def _sign_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(LOGIN[0])
    page.locator("input[name=password]").fill(LOGIN[1])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def _tell(row: dict[str, float]) -> None:
    stages = ", ".join(f"{name} {value:.2f}" for name, value in row.items() if name != "length")
    print(f"{row['length']:>5.0f} s: {stages}", flush=True)


def _report(rows: list[dict[str, float]]) -> int:
    names = dict.fromkeys(name for row in rows for name in row if name != "length")
    print(f"\n{'seconds after the answer':<26}{'p50':>8}{'p90':>8}   of {len(rows)} uploads")
    for name in names:
        values = sorted(row[name] for row in rows if name in row)
        print(f"{name:<26}{statistics.median(values):>8.2f}{_p90(values):>8.2f}")
    for length in sorted({row["length"] for row in rows}):
        frames = sorted(row["frame"] for row in rows if row["length"] == length)
        print(
            f"frame of {length:.0f} s:{'':<12}{statistics.median(frames):>8.2f}{_p90(frames):>8.2f}"
        )
    p90 = _p90(sorted(row["frame"] for row in rows))
    return targets.status(targets.verdict("90th percentile", p90, WANTED))


def _p90(values: list[float]) -> float:
    """Return the smallest value that nine tenths are not above."""
    return values[-(-len(values) * 9 // 10) - 1]


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--lengths", default="30,120,600", help="seconds, comma between")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--open", action="store_true", help="open the video's page each time")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

"""Short films made by code, as lifelike as that goes: what `benchmarks.quality` encodes.

Pictures of nature have as much detail at every scale (1/f); so do these
textures. Cameras shake, hands blur what moves, sensors add grain that is new in
every frame, and phones have coded the picture once before we see it. Each clip
is drawn the same every time: its chance has a seed.
"""

import math
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from media_pipeline import tools

WIDTH, HEIGHT, RATE, SECONDS = 1920, 1080, 25, 8

Frames = Callable[[random.Random], Iterator[Image.Image]]


class Clip(NamedTuple):
    """A film: how it is drawn, and the strength of the grain that its sensor adds."""

    name: str
    frames: Frames
    grain: int


def make(clip: Clip, path: Path, seconds: float = SECONDS) -> Path:
    """Draw `clip` into the file `path`, as a phone would have coded it; return `path`."""
    grain = f"noise=alls={clip.grain}:allf=t" if clip.grain else "null"
    beside = path.with_suffix(".part.mkv")
    argv = [
        *(tools.ffmpeg(), "-v", "error", "-nostdin", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE)),
        *("-i", "pipe:0", "-f", "lavfi", "-i", VOICE),
        # Grain of single pixels is not what lenses and demosaicing leave: it is softened a little.
        *("-vf", f"{grain},gblur=sigma=0.6,format=yuv420p" if clip.grain else "format=yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-g", "50", "-threads", "2"),
        *("-maxrate", "18M", "-bufsize", "18M"),  # what phones allow themselves at 1080p
        *("-c:a", "aac", "-b:a", "192k", "-t", str(seconds), str(beside)),
    ]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        chance = random.Random(clip.name)
        for _, image in zip(range(round(seconds * RATE)), clip.frames(chance), strict=False):
            process.stdin.write(image.tobytes())
        process.stdin.close()
        if process.wait() != 0:
            raise SystemExit(f"{clip.name} could not be drawn")
    return beside.rename(path)


VOICE = (
    "aevalsrc='0.2*(sin(2*PI*(140+30*sin(2*PI*0.7*t))*t)+0.5*sin(2*PI*420*t)+0.3*random(0))"
    "*(0.5+0.5*sin(2*PI*3.1*t))':s=48000"
)
"""Something with the rhythm of speech, so that the sound costs what sound costs."""


def texture(
    chance: random.Random, size: tuple[int, int], tints: tuple[str, str, str]
) -> Image.Image:
    """Return a picture with detail at every scale, coloured from dark over middle to bright."""
    total = Image.new("L", size, 128)
    for octave in range(2, 9):
        cells = max(2, size[0] >> (9 - octave)), max(2, size[1] >> (9 - octave))
        grains = bytes(chance.randbytes(cells[0] * cells[1]))
        layer = Image.frombytes("L", cells, grains).resize(size, Image.Resampling.BICUBIC)
        # Half the strength at each doubling of detail.
        total = ImageChops.add(total, layer.point(_weight(2.2 / octave**1.3)), 1, -128)
    return ImageOps.colorize(ImageOps.autocontrast(total, 1), tints[0], tints[2], tints[1])


def _weight(strength: float) -> list[int]:
    return [round(128 + (value - 128) * strength * 0.5) for value in range(256)]


def blurred(pictures: list[Image.Image]) -> Image.Image:
    """Return the mean of `pictures`: what a shutter that is open for a while sees."""
    mean = pictures[0]
    for number, picture in enumerate(pictures[1:], 2):
        mean = Image.blend(mean, picture, 1 / number)
    return mean


def _shake(t: float, strength: float) -> tuple[int, int]:
    """Return where a hand holds the camera at `t`, in pixels from where it means to."""
    x = math.sin(7.3 * t) + 0.6 * math.sin(13.1 * t + 1) + 0.3 * math.sin(31 * t + 2)
    y = math.sin(9.1 * t + 3) + 0.6 * math.sin(15.7 * t) + 0.3 * math.sin(27 * t + 1)
    return round(strength * x), round(strength * y)


def _person(chance: random.Random, height: int) -> Image.Image:
    """Return a figure with clothes of cloth, cut out of its surroundings."""
    width = height // 3
    cloth = texture(chance, (width, height), (_colour(chance), _colour(chance), "#f2e6d0"))
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    head = width // 4
    draw.ellipse((width // 2 - head, 0, width // 2 + head, 2 * head), fill=255)
    draw.rounded_rectangle((width // 8, 2 * head, width * 7 // 8, height * 6 // 10), 20, fill=255)
    draw.rectangle((width // 4, height // 2, width * 3 // 4, height), fill=255)
    face = texture(chance, (2 * head, 2 * head), ("#4a2c1c", "#8d5a3c", "#c98f67"))
    cloth.paste(face, (width // 2 - head, 0))
    cloth.putalpha(mask.filter(ImageFilter.GaussianBlur(1.2)))
    return cloth


def _colour(chance: random.Random) -> str:
    return f"#{chance.randrange(0x202020, 0xC0C0C0):06x}"


def talking(chance: random.Random) -> Iterator[Image.Image]:
    """A speaker before a blurred shelf, in a room that is not bright; the camera stands."""
    room = texture(chance, (WIDTH, HEIGHT), ("#1d1a18", "#5c4a3a", "#b7a184"))
    draw = ImageDraw.Draw(room)
    for _ in range(60):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        size = chance.randrange(20, 120)
        draw.rectangle((x, y, x + size, y + size * 2), fill=_colour(chance))
    room = room.filter(ImageFilter.GaussianBlur(9))
    body = texture(chance, (1100, 700), ("#2b1a12", "#7a3b1e", "#e0b060"))
    shirt = Image.new("L", body.size, 0)
    ImageDraw.Draw(shirt).rounded_rectangle((0, 60, 1100, 1000), 320, fill=255)
    face = texture(chance, (420, 540), ("#5a3522", "#a06a48", "#d8a47e"))
    skin = ImageEnhance.Contrast(face.filter(ImageFilter.GaussianBlur(1))).enhance(0.6)
    oval = Image.new("L", face.size, 0)
    ImageDraw.Draw(oval).ellipse((0, 0, 419, 539), fill=255)
    oval, shirt = (mask.filter(ImageFilter.GaussianBlur(2)) for mask in (oval, shirt))
    for n in range(10_000):
        t = n / RATE
        picture = room.copy()
        sway = math.sin(1.1 * t) * 16 + math.sin(2.9 * t) * 5
        nod = math.sin(1.7 * t + 1) * 9 + max(0, math.sin(6 * t)) * 3
        picture.paste(body, (410 + round(sway * 0.4), 640 + round(nod * 0.2)), shirt)
        picture.paste(_speaking(skin, t), (750 + round(sway), 170 + round(nod)), oval)
        yield picture


def _speaking(skin: Image.Image, t: float) -> Image.Image:
    """Return the face with eyes that blink and a mouth that speaks."""
    face = skin.copy()
    draw = ImageDraw.Draw(face)
    draw.chord((0, -30, 419, 250), 180, 360, fill="#15100d")
    opened = 4 if math.sin(1.9 * t) > 0.97 else 26
    for x in (110, 310):
        draw.ellipse((x - 38, 226 - opened // 2, x + 38, 226 + opened // 2), fill="#efe9e2")
        draw.ellipse((x - 12, 226 - opened // 2, x + 12, 226 + opened // 2), fill="#20140e")
        draw.arc((x - 50, 180, x + 50, 230), 200, 340, fill="#1c120d", width=9)
    draw.line((212, 240, 200, 340, 226, 346), fill="#7a4a30", width=6)
    mouth = abs(math.sin(9 * t) + 0.5 * math.sin(17 * t)) * 24 * (math.sin(0.9 * t) > -0.6) + 4
    draw.ellipse((140, 410 - mouth / 2, 280, 414 + mouth), fill="#5b1f1d")
    return face


def slides(chance: random.Random) -> Iterator[Image.Image]:
    """A lecture from a screen: three slides with text and a chart, and a pointer now and then."""
    sheets = [_slide(chance, number) for number in range(3)]
    for n in range(10_000):
        t = n / RATE
        picture = sheets[int(t / 2.9) % 3].copy()
        if t % 2.9 > 1.4:
            step = min(1, (t % 2.9 - 1.4) * 1.6)
            x, y = 300 + round(900 * step), 300 + round(420 * step)
            ImageDraw.Draw(picture).polygon(
                ((x, y), (x, y + 36), (x + 9, y + 28), (x + 25, y + 26)), fill="#111111"
            )
        yield picture


def _slide(chance: random.Random, number: int) -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "#fbfaf5")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, WIDTH, 150), fill="#0b5d4a")
    title = ("Harga pagi ini", "Simpanan anggota", "Rapat anggota tahunan")[number]
    draw.text((80, 35), title, font=ImageFont.load_default(72), fill="#ffffff")
    words = ("cabai", "bawang", "beras", "telur", "gula", "minyak", "anggota", "simpanan", "kios")
    for line in range(8):
        text = " ".join(chance.choice(words) for _ in range(6))
        draw.text((90, 210 + line * 95), f"– {text}", font=ImageFont.load_default(40), fill="#222")
    for bar in range(7):
        height = chance.randrange(80, 600)
        x = 1180 + bar * 95
        draw.rectangle((x, 950 - height, x + 64, 950), fill=("#c8102e", "#f2a900")[bar % 2])
        draw.text((x, 965), f"{bar + 1}/10", font=ImageFont.load_default(24), fill="#444444")
    return sheet


def market(chance: random.Random) -> Iterator[Image.Image]:
    """A walk along stalls with a phone in the hand: everything moves, people cross."""
    street = _stalls(chance)
    people = [_person(chance, chance.randrange(420, 760)) for _ in range(12)]
    starts = [chance.randrange(-400, 5000) for _ in people]
    speeds = [chance.choice((-1, 1)) * chance.randrange(60, 260) for _ in people]

    def seen(t: float) -> Image.Image:
        x, y = _shake(t, 7)
        left = 200 + 170 * t + x
        top = 70 + y + abs(math.sin(5.6 * t)) * 14
        picture = street.transform(
            (WIDTH, HEIGHT),
            Image.Transform.AFFINE,
            (1, 0.004 * math.sin(4 * t), left, 0, 1, top),
            Image.Resampling.BILINEAR,
        )
        for person, start, speed in zip(people, starts, speeds, strict=True):
            # Nearer than the stalls, so they pass faster.
            place = round(start + speed * t - 1.3 * left) % 5600 - 700
            step = round(abs(math.sin(t * 5 + start)) * 10)
            picture.paste(person, (place, HEIGHT - person.height + 60 - step - y), person)
        return picture

    for n in range(10_000):
        yield blurred([seen(n / RATE), seen((n + 0.25) / RATE), seen((n + 0.5) / RATE)])


def _stalls(chance: random.Random) -> Image.Image:
    """Return a long row of stalls with awnings, boxes of fruit and hand-written prices."""
    street = texture(chance, (4200, 1260), ("#1b1714", "#6b5846", "#cdb89a"))
    draw = ImageDraw.Draw(street)
    for stall in range(11):
        x = stall * 390
        for stripe in range(6):
            colour = _colour(chance) if stripe % 2 else "#ece5d8"
            near, far = x + stripe * 66, x + stripe * 60
            corners = ((far, 260), (far + 60, 260), (near + 60, 400), (near, 400))
            draw.polygon(corners, fill=colour)
        for _ in range(150):
            cx, cy, r = (
                x + chance.randrange(360),
                chance.randrange(720, 980),
                chance.randrange(9, 26),
            )
            fruit = chance.choice(("#c22f1f", "#e0892b", "#6d9a2d", "#efd23c", "#7a1f4f"))
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=fruit, outline="#2a1a10")
            draw.ellipse((cx - r // 2, cy - r // 2, cx, cy), fill="#f7e9cf")
        sign = f"Rp{chance.randrange(8, 90)}.000"
        draw.rectangle((x + 80, 560, x + 300, 640), fill="#f4efe0")
        draw.text((x + 92, 570), sign, font=ImageFont.load_default(48), fill="#111111")
    shade = texture(chance, street.size, ("#707070", "#c0c0c0", "#ffffff"))
    return ImageChops.multiply(street, shade)


def sport(chance: random.Random) -> Iterator[Image.Image]:
    """A match seen from the stand: grass, a camera that swings after the ball, a crowd above."""
    grass = texture(chance, (4000, 1300), ("#1f4d1c", "#3c7d2e", "#7fb35a"))
    draw = ImageDraw.Draw(grass)
    for line in range(0, 4000, 500):
        draw.line((line, 330, line - 160, 1300), fill="#e9efe2", width=8)
    seats = texture(chance, (4000, 340), ("#141414", "#5d4350", "#d8cfc4"))
    dots = ImageDraw.Draw(seats)
    for _ in range(9000):
        x, y = chance.randrange(4000), chance.randrange(340)
        dots.ellipse((x, y, x + 9, y + 12), fill=_colour(chance))
    grass.paste(seats, (0, 0))
    players = [_person(chance, chance.randrange(150, 260)) for _ in range(18)]
    places = [(chance.randrange(3800), chance.randrange(360, 1000)) for _ in players]

    def seen(t: float) -> Image.Image:
        left = round(1040 + 900 * math.sin(0.9 * t) + 90 * math.sin(3.1 * t))
        top = 90 + round(50 * math.sin(1.3 * t))
        picture = grass.crop((left, top, left + WIDTH, top + HEIGHT))
        for k, (player, (x, y)) in enumerate(zip(players, places, strict=True)):
            run = 260 * math.sin(0.8 * t + k) + 60 * math.sin(2.3 * t + 2 * k)
            at = (round(x + run - left), round(y + 40 * math.cos(t + k) - top))
            lean = player.rotate(8 * math.sin(11 * t + k), Image.Resampling.BILINEAR)
            picture.paste(lean, at, lean)
        return picture

    for n in range(10_000):
        picture = blurred([seen(n / RATE), seen((n + 0.25) / RATE), seen((n + 0.5) / RATE)])
        score = ImageDraw.Draw(picture)
        score.rectangle((80, 60, 520, 120), fill="#101820")
        score.text(
            (95, 66),
            f"KPS 1 - 0 PPS  {62 + n // 1500}.{n // RATE:02}",
            "#fff",
            ImageFont.load_default(40),
        )
        yield picture


def cartoon(chance: random.Random) -> Iterator[Image.Image]:
    """Flat colours with outlines, a scrolling hill, two figures that jump, drawn on twos."""
    hill = Image.new("RGB", (3000, HEIGHT), "#8fd3f4")
    draw = ImageDraw.Draw(hill)
    for x in range(0, 3000, 4):
        for depth, colour in ((420, "#b7d98a"), (620, "#7cb85c"), (820, "#4c9141")):
            height = depth + 90 * math.sin(x / (depth * 0.5)) + 40 * math.sin(x / 97 + depth)
            draw.rectangle((x, height, x + 4, HEIGHT), fill=colour)
    for _ in range(70):
        x, y = chance.randrange(3000), chance.randrange(700, 1000)
        draw.ellipse((x, y, x + 60, y + 40), fill=_colour(chance), outline="#1b1b1b", width=4)
    for n in range(10_000):
        t = n // 2 * 2 / RATE
        picture = hill.crop((round(110 * t), 0, round(110 * t) + WIDTH, HEIGHT))
        brush = ImageDraw.Draw(picture)
        for k, colour in enumerate(("#f25f5c", "#ffe066")):
            x = 500 + 700 * k + round(60 * math.sin(t * 2 + k))
            y = 560 - round(abs(math.sin(3.2 * t + k)) * 190)
            squash = round(40 * math.sin(6.4 * t + k))
            brush.ellipse((x, y - squash, x + 260, y + 300 + squash), colour, "#1b1b1b", 8)
            for eye in (70, 160):
                brush.ellipse((x + eye, y + 80, x + eye + 44, y + 140), "#ffffff", "#1b1b1b", 5)
                brush.ellipse((x + eye + 16, y + 104, x + eye + 34, y + 130), "#1b1b1b")
            brush.arc((x + 60, y + 120, x + 200, y + 230), 20, 160, "#1b1b1b", 9)
        yield picture


CLIPS = (
    Clip("talking", talking, 4),
    Clip("slides", slides, 0),
    Clip("market", market, 5),
    Clip("cartoon", cartoon, 0),
    Clip("sport", sport, 3),
)

"""Drawing the small part of SVG that our illustrations are written in.

Pillow's shapes have hard edges, so everything is drawn three times as large and
reduced. Understood: path (M L H V C S Q A Z, both cases), circle, ellipse, rect,
g, use, linear and radial gradients in fractions of the shape's box, transform
(translate, rotate, scale), fill, stroke, stroke-width, opacity.
"""

import math
import re
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from PIL import Image, ImageColor, ImageDraw

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

OVERSAMPLING = 3
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
COMMAND = re.compile(r"([MmLlHhVvCcSsQqAaZz])([^MmLlHhVvCcSsQqAaZz]*)")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}


def draw(
    body: str, width: int, height: int, view: tuple[float, float, float, float]
) -> Image.Image:
    """Return `body`, SVG elements in the box `view` (x, y, width, height), as RGBA pixels."""
    # Only text of this package is ever parsed here, so entities cannot bite.
    root = ElementTree.fromstring(f"<svg>{body}</svg>")  # noqa: S314
    canvas = Image.new("RGBA", (width * OVERSAMPLING, height * OVERSAMPLING), (0, 0, 0, 0))
    sx, sy = canvas.width / view[2], canvas.height / view[3]
    brush = _Brush((sx, 0, 0, sy, -view[0] * sx, -view[1] * sy))
    _Drawing(canvas, {e.get("id", ""): e for e in root.iter()}).children(root, brush)
    return canvas.resize((width, height), Image.Resampling.BOX)


@dataclass(frozen=True)
class _Brush:
    """What an element inherits."""

    matrix: Matrix
    fill: str = "#000"
    stroke: str = "none"
    width: float = 1.0
    opacity: float = 1.0

    def on(self, element: ElementTree.Element) -> "_Brush":
        return replace(
            self,
            matrix=_times(self.matrix, _transform(element.get("transform", ""))),
            fill=element.get("fill", self.fill),
            stroke=element.get("stroke", self.stroke),
            width=float(element.get("stroke-width", self.width)),
            opacity=self.opacity * float(element.get("opacity", 1)),
        )


class _Drawing:
    """One canvas and the definitions that `use` and fills refer to."""

    def __init__(self, canvas: Image.Image, named: dict[str, ElementTree.Element]) -> None:
        self.canvas = canvas
        self.named = named

    def children(self, parent: ElementTree.Element, brush: _Brush) -> None:
        for element in parent:
            if element.tag != "defs":
                self.element(element, brush.on(element))

    def element(self, element: ElementTree.Element, brush: _Brush) -> None:
        if element.tag == "use":
            moved = _times(brush.matrix, (1, 0, 0, 1, _n(element, "x"), _n(element, "y")))
            target = self.named[element.get("href", "").lstrip("#")]
            brush = replace(brush, matrix=moved)
            self.element(target, brush.on(target))
            return
        if element.tag == "g":
            self.children(element, brush)
            return
        for points, closed in _outline(element):
            self.shape([_at(brush.matrix, p) for p in points], closed, brush)

    def shape(self, points: list[Point], closed: bool, brush: _Brush) -> None:
        if brush.fill != "none" and len(points) > 2:
            self.paint(points, brush)
        if brush.stroke != "none" and len(points) > 1:
            self.line([*points, points[0]] if closed else points, brush)

    def paint(self, points: list[Point], brush: _Brush) -> None:
        if brush.fill.startswith("url") or brush.opacity < 1:
            self.blend(points, brush)
            return
        ImageDraw.Draw(self.canvas).polygon(points, fill=brush.fill)

    def blend(self, points: list[Point], brush: _Brush) -> None:
        left, top = (math.floor(min(p[i] for p in points)) for i in (0, 1))
        right, bottom = (math.ceil(max(p[i] for p in points)) + 1 for i in (0, 1))
        size = (max(1, right - left), max(1, bottom - top))
        mask = Image.new("L", size, 0)
        inside = [(x - left, y - top) for x, y in points]
        ImageDraw.Draw(mask).polygon(inside, fill=round(255 * brush.opacity))
        if brush.fill.startswith("url"):
            paint = gradient(self.named[brush.fill[5:-1]], size)
        else:
            paint = Image.new("RGBA", size, brush.fill)
        paint.putalpha(mask)
        box = (max(0, -left), max(0, -top))
        self.canvas.alpha_composite(paint, (max(0, left), max(0, top)), box)

    def line(self, points: list[Point], brush: _Brush) -> None:
        a, b, *_ = brush.matrix
        width = brush.width * math.hypot(a, b)
        colour = ImageColor.getrgb(brush.stroke)[:3]
        pen = ImageDraw.Draw(self.canvas)
        if brush.opacity < 1:
            layer = Image.new("RGBA", self.canvas.size, (*colour, 0))
            pen = ImageDraw.Draw(layer)
        fill = (*colour, round(255 * brush.opacity))
        pen.line(points, fill=fill, width=max(1, round(width)), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.circle((x, y), width / 2, fill=fill)
        if brush.opacity < 1:
            self.canvas.alpha_composite(layer)


def gradient(element: ElementTree.Element, size: tuple[int, int]) -> Image.Image:
    """Return a gradient over a box of `size`. Radial ones reach to the farther side."""
    stops = [
        (float(s.get("offset", 0)), ImageColor.getrgb(s.get("stop-color", "#000"))[:3])
        for s in element
    ]
    if element.tag == "radialGradient":
        ramp = Image.radial_gradient("L").resize(size, Image.Resampling.BILINEAR)
    else:
        ramp = Image.linear_gradient("L")
        if float(element.get("x2", 1)) and not float(element.get("y2", 0)):
            ramp = ramp.rotate(90)
        ramp = ramp.resize(size, Image.Resampling.BILINEAR)
        if float(element.get("x2", 0)) and float(element.get("y2", 0)):
            across = Image.linear_gradient("L").rotate(90).resize(size)
            ramp = Image.blend(ramp, across, 0.5)
    channels = [ramp.point([_mix(stops, v / 255, c) for v in range(256)]) for c in range(3)]
    return Image.merge("RGB", channels).convert("RGBA")


def _mix(stops: list[tuple[float, tuple[int, ...]]], at: float, channel: int) -> int:
    before = [s for s in stops if s[0] <= at] or stops[:1]
    after = [s for s in stops if s[0] > at] or stops[-1:]
    (low, first), (high, second) = before[-1], after[0]
    part = (at - low) / (high - low) if high > low else 0.0
    return round(first[channel] + (second[channel] - first[channel]) * part)


def _n(element: ElementTree.Element, name: str, default: float = 0.0) -> float:
    return float(element.get(name, default))


def _outline(element: ElementTree.Element) -> list[tuple[list[Point], bool]]:
    """Return the lines of a shape, and whether each is closed."""
    if element.tag == "path":
        return _path(element.get("d", ""))
    if element.tag == "rect":
        return [(_rectangle(element), True)]
    rx, ry = _n(element, "rx", _n(element, "r")), _n(element, "ry", _n(element, "r"))
    cx, cy = _n(element, "cx"), _n(element, "cy")
    turns = (2 * math.pi * i / 72 for i in range(72))
    return [([(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in turns], True)]


def _rectangle(element: ElementTree.Element) -> list[Point]:
    x, y = _n(element, "x"), _n(element, "y")
    w, h = _n(element, "width"), _n(element, "height")
    r = min(_n(element, "rx"), w / 2, h / 2)
    corners = [(x + w - r, y + r, -90), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90)]
    corners.append((x + r, y + r, 180))
    points = []
    for cx, cy, start in corners:
        for step in range(9):
            angle = math.radians(start + 90 * step / 8)
            points.append((cx + r * math.cos(angle), cy + r * math.sin(angle)))
    return points


def _path(text: str) -> list[tuple[list[Point], bool]]:
    pen = _Pen()
    for command, rest in COMMAND.findall(text):
        kind, relative = command.upper(), command.islower()
        numbers = _numbers(rest, kind)
        step = ARGUMENTS[kind] or 1
        if kind == "Z":
            pen.close()
        for first in range(0, len(numbers), step):
            pen.move(kind, numbers[first : first + step], relative=relative)
            kind = "L" if kind == "M" else kind
    return pen.lines


def _numbers(text: str, kind: str) -> list[float]:
    """Return a command's numbers; the two flags of an arc may stand without a space."""
    if kind != "A":
        return [float(n) for n in NUMBER.findall(text)]
    n = NUMBER.pattern
    arc = re.compile(rf"({n})[\s,]*({n})[\s,]*({n})[\s,]*([01])[\s,]*([01])[\s,]*({n})[\s,]*({n})")
    return [float(v) for found in arc.findall(text) for v in found]


class _Pen:
    """Follows path data (SVG 1.1, 8.3) and collects flattened lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[list[Point], bool]] = []
        self.here: Point = (0, 0)
        self.control: Point | None = None

    def close(self) -> None:
        points, _ = self.lines[-1]
        self.lines[-1] = (points, True)
        self.here = points[0]

    def move(self, kind: str, n: list[float], *, relative: bool) -> None:
        x, y = self.here if relative else (0.0, 0.0)
        if kind == "H":
            n = [n[0] + x, self.here[1]]
        elif kind == "V":
            n = [self.here[0], n[0] + y]
        elif kind == "A":
            n = [*n[:5], n[5] + x, n[6] + y]
        else:
            n = [v + (x, y)[i % 2] for i, v in enumerate(n)]
        if kind == "M":
            self.lines.append(([(n[0], n[1])], False))
        elif self.lines[-1][1]:
            self.lines.append(([self.here], False))
        points = self.lines[-1][0]
        if kind in "LHV":
            points.append((n[0], n[1]))
        elif kind == "A":
            points.extend(_arc(self.here, n))
        elif kind in "CSQ":
            points.extend(self.curve(kind, n))
        self.control = (n[-4], n[-3]) if kind in "CS" else None
        self.here = (n[-2], n[-1])

    def curve(self, kind: str, n: list[float]) -> list[Point]:
        if kind == "S":
            cx, cy = self.control or self.here
            n = [2 * self.here[0] - cx, 2 * self.here[1] - cy, *n]
        (x0, y0), end = self.here, (n[-2], n[-1])
        if kind == "Q":
            first = (x0 + (n[0] - x0) * 2 / 3, y0 + (n[1] - y0) * 2 / 3)
            second = (end[0] + (n[0] - end[0]) * 2 / 3, end[1] + (n[1] - end[1]) * 2 / 3)
        else:
            first, second = (n[0], n[1]), (n[2], n[3])
        return [_bezier((x0, y0), first, second, end, i / 20) for i in range(1, 21)]


def _bezier(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    u = 1 - t
    a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return (
        a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0],
        a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1],
    )


def _arc(start: Point, n: list[float]) -> list[Point]:
    """Flatten a circular arc (SVG 1.1, F.6.5, for rx = ry or nearly, unrotated)."""
    rx, ry, _, large, sweep, x2, y2 = n
    x1, y1 = start
    dx, dy = (x1 - x2) / 2, (y1 - y2) / 2
    grow = max(1.0, math.sqrt((dx / rx) ** 2 + (dy / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    below = (rx * dy) ** 2 + (ry * dx) ** 2
    root = math.sqrt(max(0.0, ((rx * ry) ** 2 - below) / below)) if below else 0.0
    root = -root if large == sweep else root
    cx, cy = root * rx * dy / ry + (x1 + x2) / 2, -root * ry * dx / rx + (y1 + y2) / 2
    first = math.atan2((y1 - cy) / ry, (x1 - cx) / rx)
    turn = math.atan2((y2 - cy) / ry, (x2 - cx) / rx) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    if not sweep and turn > 0:
        turn -= 2 * math.pi
    steps = max(4, round(abs(turn) * 12))
    angles = (first + turn * i / steps for i in range(1, steps + 1))
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


def _transform(text: str) -> Matrix:
    result: Matrix = (1, 0, 0, 1, 0, 0)
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", text):
        n = [float(v) for v in NUMBER.findall(inside)]
        if name == "translate":
            part: Matrix = (1, 0, 0, 1, n[0], n[1] if len(n) > 1 else 0)
        elif name == "scale":
            part = (n[0], 0, 0, n[1] if len(n) > 1 else n[0], 0, 0)
        else:
            c, s = math.cos(math.radians(n[0])), math.sin(math.radians(n[0]))
            part = (c, s, -s, c, 0, 0)
        result = _times(result, part)
    return result


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[2] * n[1],
        m[1] * n[0] + m[3] * n[1],
        m[0] * n[2] + m[2] * n[3],
        m[1] * n[2] + m[3] * n[3],
        m[0] * n[4] + m[2] * n[5] + m[4],
        m[1] * n[4] + m[3] * n[5] + m[5],
    )


def _at(m: Matrix, p: Point) -> Point:
    return (m[0] * p[0] + m[2] * p[1] + m[4], m[1] * p[0] + m[3] * p[1] + m[5])

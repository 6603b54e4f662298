// Draws static/mark.svg as PNG, which phones want of what they put on a home screen.
// It knows the few shapes that the mark is made of, and fails on any other.
import { crc32, deflateSync } from "node:zlib";

const GRID = 48;
/** Samples a pixel each way: edges are smooth. */
const FINE = 3;
const ARC_POINTS = 24;

/** The bytes of a PNG of `side` pixels; `full` fills the corners, for launchers that cut their own. */
export function icon(svg, side, { full }) {
  const shapes = shapesOf(svg, full).reverse();
  const rows = Buffer.alloc(side * (side * 4 + 1));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      rows.set(pixel(shapes, x, y, GRID / side), y * (side * 4 + 1) + 1 + x * 4);
    }
  }
  return png(rows, side);
}

/** Red, green, blue and alpha, the mean of what covers the pixel. */
function pixel(shapes, left, top, unit) {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let place = 0; place < FINE * FINE; place += 1) {
    const x = (left + ((place % FINE) + 0.5) / FINE) * unit;
    const y = (top + (Math.floor(place / FINE) + 0.5) / FINE) * unit;
    const found = shapes.find((shape) => shape.covers(x, y));
    if (!found) continue;
    covered += 1;
    for (const [channel, value] of found.colour.entries()) sum[channel] += value;
  }
  const mean = sum.map((value) => Math.round(value / (covered || 1)));
  return [...mean, Math.round((covered * 255) / FINE ** 2)];
}

/** The shapes from the lowest to the highest: a colour, and whether a point lies in it. */
function shapesOf(svg, full) {
  if (!svg.includes(`viewBox="0 0 ${GRID} ${GRID}"`)) throw new Error("mark.svg has another grid");
  const groups = [{}];
  const shapes = [];
  for (const [, end, name, text] of svg.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
    if (name === "svg") continue;
    if (end) {
      groups.pop();
      continue;
    }
    const own = Object.fromEntries(
      [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map((m) => m.slice(1)),
    );
    const look = { ...groups.at(-1), ...own };
    if (name === "g") groups.push(look);
    else shapes.push(shapeOf(name, look, full));
  }
  return shapes;
}

function shapeOf(name, look, full) {
  if (look.x || look.y || look.transform) throw new Error(`mark.svg moves a <${name}>`);
  const number = (key) => Number(look[key] ?? 0);
  if (name === "circle") {
    const covers = (x, y) => Math.hypot(x - number("cx"), y - number("cy")) <= number("r");
    return { colour: colourOf(look.fill), covers };
  }
  if (name === "rect") {
    const round = full ? 0 : number("rx");
    const beyond = (at, size) => Math.max(round - at, at - (size - round), 0);
    const covers = (x, y) =>
      Math.hypot(beyond(x, number("width")), beyond(y, number("height"))) <= round;
    return { colour: colourOf(look.fill), covers };
  }
  if (name !== "path") throw new Error(`mark.svg has a <${name}>`);
  const points = flattened(look.d);
  if (look.fill !== "none") return { colour: colourOf(look.fill), covers: within(points) };
  return { colour: colourOf(look.stroke), covers: near(points, number("stroke-width") / 2) };
}

function colourOf(text) {
  const digits = text.slice(1);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
}

/** The points of a path of the commands M, h, v, a (circles, the short way, clockwise) and z. */
function flattened(d) {
  const points = [];
  const last = () => points.at(-1);
  for (const [, command, text] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const values = (text.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    if (command === "M") points.push([values[0], values[1]]);
    else if (command === "h") points.push([last()[0] + values[0], last()[1]]);
    else if (command === "v") points.push([last()[0], last()[1] + values[0]]);
    else if (command === "a") {
      for (let at = 0; at < values.length; at += 7)
        points.push(...arc(last(), values.slice(at, at + 7)));
    } else if (command !== "z") throw new Error(`mark.svg draws with ${command}`);
  }
  return points;
}

/** Points of an arc, from its ends to its middle as in SVG 2, B.2.4. */
function arc([x, y], [wide, high, , long, clockwise, dx, dy]) {
  if (wide !== high || long !== 0 || clockwise !== 1) throw new Error("mark.svg has another arc");
  const chord = Math.hypot(dx, dy);
  const radius = Math.max(wide, chord / 2);
  const away = Math.sqrt(radius ** 2 - (chord / 2) ** 2) / chord;
  const middle = [x + dx / 2 - dy * away, y + dy / 2 + dx * away];
  const begin = Math.atan2(y - middle[1], x - middle[0]);
  const turn = 2 * Math.asin(Math.min(1, chord / (2 * radius)));
  return Array.from({ length: ARC_POINTS }, (_, step) => {
    const angle = begin + (turn * (step + 1)) / ARC_POINTS;
    return [middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)];
  });
}

/** Whether a point lies in the polygon: a line from it crosses the edge an odd number of times. */
function within(points) {
  const boxed = box(points, 0);
  return (x, y) =>
    boxed(x, y) &&
    points.reduce((inside, [ax, ay], place) => {
      const [bx, by] = points.at(place - 1);
      const crosses = ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax;
      return crosses ? !inside : inside;
    }, false);
}

/** Whether a point lies within `reach` of the line, whose ends and joints are round. */
function near(points, reach) {
  const boxed = box(points, reach);
  return (x, y) =>
    boxed(x, y) &&
    points.slice(1).some(([bx, by], place) => {
      const [ax, ay] = points[place];
      const [dx, dy] = [bx - ax, by - ay];
      const along = ((x - ax) * dx + (y - ay) * dy) / (dx ** 2 + dy ** 2);
      const part = Math.min(1, Math.max(0, along));
      return Math.hypot(x - ax - part * dx, y - ay - part * dy) <= reach;
    });
}

/** A quick look at whether a point can lie there at all. */
function box(points, margin) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs) - margin, Math.max(...xs) + margin];
  const [top, bottom] = [Math.min(...ys) - margin, Math.max(...ys) + margin];
  return (x, y) => x >= left && x <= right && y >= top && y <= bottom;
}

/** Eight bits a channel with alpha; each row begins with a zero, for no filter (PNG, 9.2). */
function png(rows, side) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 }))];
  return Buffer.concat([signature, ...chunks, chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

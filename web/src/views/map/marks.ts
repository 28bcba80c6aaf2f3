/** Draws the marks: rings whose area is the number of incidents and whose parts are the kinds; soft discs where only the area is known. */

import type { Cluster, Laid } from "./clusters";
import type { Sheet } from "./ground";
import { faint, hatch, mix, type Palette } from "./palette";

export interface Marks {
  laid: Laid;
  clusters: readonly Cluster[];
  /** Four numbers a cluster. */
  sums: Uint32Array;
  /** Pixels of radius for one incident; the area grows with the number. */
  unit: number;
  chosen: number;
  pointed: number;
}
/** A mark as drawn: where it can be hit. */
export interface Drawn {
  cluster: number;
  x: number;
  y: number;
  r: number;
  n: number;
}

const LARGEST = 29;
const LEAST = 3.6;
/** Clockwise from the top: conflict on the right, cooperation on the left, deeds outermost. */
const TURN = [4, 3, 1, 2] as const;

/** Pixels of radius for one incident, so that the largest mark fits. */
export const unitOf = (most: number): number => Math.min(6, LARGEST / Math.sqrt(Math.max(1, most)));
export const radiusOf = (n: number, unit: number): number => Math.max(LEAST, unit * Math.sqrt(n));

/** The marks in sight, largest first. */
function inSight(sheet: Sheet, { laid, clusters, sums, unit }: Marks): Drawn[] {
  const { sight, width, height } = sheet;
  const drawn: Drawn[] = [];
  clusters.forEach((one, cluster) => {
    const n = sums[cluster * 4]! + sums[cluster * 4 + 1]! + sums[cluster * 4 + 2]! + sums[cluster * 4 + 3]!;
    if (!n) return;
    const [x, y] = [one.x * sight.scale + sight.x, one.y * sight.scale + sight.y];
    const reach = one.isArea ? 2 * laid.extent[one.seed]! * sight.scale + 40 : 40;
    if (x < -reach || y < -reach || x > width + reach || y > height + reach) return;
    drawn.push({ cluster, x, y, n, r: radiusOf(n, unit) });
  });
  return drawn.sort((a, b) => b.n - a.n);
}

export function drawMarks(sheet: Sheet, marks: Marks): Drawn[] {
  const { pen, width, height, dpr } = sheet;
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.clearRect(0, 0, width, height);
  const drawn = inSight(sheet, marks);
  drawExtents(sheet, marks, drawn);
  drawLeads(sheet, marks, drawn);
  for (const mark of drawn) drawMark(sheet, marks, mark);
  for (const at of [marks.pointed, marks.chosen]) {
    const mark = drawn.find(({ cluster }) => cluster === at);
    if (!mark) continue;
    pen.lineWidth = at === marks.chosen ? 3 : 2;
    pen.strokeStyle = at === marks.chosen ? sheet.palette.accent : sheet.palette.ink;
    pen.beginPath();
    pen.arc(mark.x, mark.y, mark.r + 3, 0, 2 * Math.PI);
    pen.stroke();
  }
  drawNames(sheet, marks, drawn);
  return drawn;
}

/** The soft discs: as large as the province or the country that is all that is known. */
function drawExtents(sheet: Sheet, { laid, clusters }: Marks, drawn: readonly Drawn[]): void {
  const { pen, dpr, sight, palette, width, height } = sheet;
  const lines = hatch(faint(palette["ink-3"], 0.16), dpr, 9);
  lines.setTransform(new DOMMatrix([1 / dpr, 0, 0, 1 / dpr, sight.x % 9, sight.y % 9]));
  pen.lineWidth = 1;
  pen.setLineDash([2, 4]);
  for (const { cluster, r } of drawn) {
    const { seed } = clusters[cluster]!;
    const reach = laid.extent[seed]! * sight.scale;
    const [x, y] = [laid.x[seed]! * sight.scale + sight.x, laid.y[seed]! * sight.scale + sight.y];
    if (reach < r + 2 || reach > 2 * Math.max(width, height)) continue;
    pen.beginPath();
    pen.arc(x, y, reach, 0, 2 * Math.PI);
    pen.fillStyle = faint(palette["ink-3"], 0.07);
    pen.fill();
    pen.fillStyle = lines;
    pen.fill();
    pen.strokeStyle = faint(palette["ink-3"], 0.5);
    pen.stroke();
  }
  pen.setLineDash([]);
}

/** Lines from marks that were moved out of their area, for want of room, to its middle. */
function drawLeads({ pen, sight, palette }: Sheet, { laid, clusters }: Marks, drawn: readonly Drawn[]): void {
  pen.strokeStyle = pen.fillStyle = palette["ink-2"];
  pen.lineWidth = 1.2;
  for (const { cluster, x, y, r } of drawn) {
    const { seed, isArea } = clusters[cluster]!;
    const [toX, toY] = [laid.x[seed]! * sight.scale + sight.x, laid.y[seed]! * sight.scale + sight.y];
    const off = Math.hypot(toX - x, toY - y);
    if (!isArea || off <= Math.max(laid.extent[seed]! * sight.scale, r)) continue;
    pen.beginPath();
    pen.moveTo(x + ((toX - x) * r) / off, y + ((toY - y) * r) / off);
    pen.lineTo(toX, toY);
    pen.stroke();
    pen.beginPath();
    pen.arc(toX, toY, 2, 0, 2 * Math.PI);
    pen.fill();
  }
}

const words = (n: number): string =>
  n < 1000 ? String(n) : n < 10_000 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`;

function drawMark(sheet: Sheet, { clusters, sums }: Marks, { cluster, x, y, r, n }: Drawn): void {
  const { pen, palette } = sheet;
  const isArea = clusters[cluster]!.isArea;
  const ring = r >= 8;
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = ring ? faint(palette.panel, isArea ? 0.75 : 0.95) : palette.panel;
  pen.fill();
  if (isArea) pen.setLineDash(ring ? [3, 2] : [2, 1.5]);
  const thick = ring ? Math.min(6.5, r * 0.32) : r;
  let turn = -Math.PI / 2;
  for (const quad of TURN) {
    const own = sums[cluster * 4 + quad - 1]!;
    if (!own) continue;
    const end = turn + (2 * Math.PI * own) / n;
    drawPart(pen, palette, quad, { x, y, r, thick, turn, end, ring, isArea });
    turn = end;
  }
  pen.setLineDash([]);
  if (r < (n < 1000 ? 10.5 : 13.5)) return;
  pen.font = `${isArea ? "italic " : ""}600 ${r > 22 ? 13 : r > 14 ? 11 : 9}px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = palette.ink;
  pen.fillText(words(n), x, y + 0.5);
}

interface Part {
  x: number;
  y: number;
  r: number;
  thick: number;
  turn: number;
  end: number;
  ring: boolean;
  isArea: boolean;
}

/** One kind of a mark: deeds as a full band, words as a thin one along the rim. */
function drawPart(pen: CanvasRenderingContext2D, palette: Palette, quad: 1 | 2 | 3 | 4, part: Part): void {
  const { x, y, r, thick, turn, end, ring, isArea } = part;
  const isDeed = quad === 2 || quad === 4;
  const colour = palette[`q${quad}`];
  pen.beginPath();
  if (!ring && !isArea) {
    pen.moveTo(x, y);
    pen.arc(x, y, r, turn, end);
    pen.fillStyle = isDeed ? colour : mix(colour, palette.panel, 0.55);
    pen.fill();
    pen.beginPath();
  }
  const width = ring ? (isDeed ? thick : thick * 0.45) : isArea && isDeed ? 2.4 : 1.2;
  pen.arc(x, y, r - width / 2, turn, end);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.stroke();
}

const widths = new Map<string, number>();

/** Names beside the largest marks, as many as find room. */
function drawNames(sheet: Sheet, { laid, clusters }: Marks, drawn: readonly Drawn[]): void {
  const { pen, palette, width, height } = sheet;
  const most = Math.round((width * height) / 28_000);
  pen.font = `600 11.5px ${palette.sans}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.strokeStyle = faint(palette.panel, 0.85);
  pen.fillStyle = palette.ink;
  const taken = drawn.slice(0, 150).map(({ x, y, r }) => [x - r, y - r, x + r, y + r] as const);
  let put = 0;
  for (const { cluster, x, y, r } of drawn.slice(0, 150)) {
    if (put >= most) break;
    const one = clusters[cluster]!;
    const name = laid.places[one.seed]!.name + (one.places.length > 1 ? ` +${one.places.length - 1}` : "");
    let wide = widths.get(name);
    if (wide === undefined) widths.set(name, (wide = pen.measureText(name).width));
    const box = [x + r + 4, y - 7, x + r + 4 + wide, y + 7] as const;
    const isFree = taken.every((t) => t[0] > box[2] || t[2] < box[0] || t[1] > box[3] || t[3] < box[1]);
    if (!isFree || box[2] > width) continue;
    taken.push(box);
    put++;
    pen.strokeText(name, box[0], y);
    pen.fillText(name, box[0], y);
  }
}

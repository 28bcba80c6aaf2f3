/** How the strips of a calendar are painted; shades, hatching, dots and frames say the same without colour. */

import { stateOf, watched, type Calendar, type Cell, type Row } from "./calendar";

export const ROW = 20; // pixels
export const LEAST_CELL = 4;
const GAP = 1;

export interface Tints {
  read: string;
  bad: string;
  quiet: string;
  frame: string;
  ground: string;
  cursor: string;
}

export function readTints(): Tints {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    read: token("--accent"),
    bad: token("--bad"),
    quiet: token("--ink-3"),
    frame: token("--edge-strong"),
    ground: token("--panel"),
    cursor: token("--ink"),
  };
}

/** Four shades: the share of the largest cell, on a root scale, as few outlets give most articles. */
export const shadeOf = (articles: number, most: number): number =>
  [0.28, 0.5, 0.75, 1][Math.min(3, Math.floor(4 * Math.sqrt(articles / most) - 1e-9))] ?? 1;

/** Paint all rows; `at` is the cell under the cursor. */
export function paint(
  canvas: HTMLCanvasElement,
  calendar: Calendar,
  rows: Row[],
  wide: number,
  at: { row: number; period: number } | undefined,
  tints: Tints,
): void {
  const sharp = devicePixelRatio || 1;
  const height = rows.length * ROW;
  if (canvas.width !== Math.round(wide * sharp) || canvas.height !== Math.round(height * sharp)) {
    canvas.width = Math.round(wide * sharp);
    canvas.height = Math.round(height * sharp);
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  context.clearRect(0, 0, wide, height);
  const cellWide = wide / Math.max(1, calendar.starts.length);
  const most = Math.max(1, ...rows.flatMap((row) => [...row.cells.values()].map((cell) => cell.articles)));
  rows.forEach((row, i) => {
    for (const cell of row.cells.values())
      paintCell(context, cell, cell.period * cellWide, i * ROW, Math.max(1.5, cellWide - GAP), most, tints);
  });
  if (!at) return;
  context.strokeStyle = tints.cursor;
  context.lineWidth = 2;
  context.strokeRect(at.period * cellWide - 1, at.row * ROW + 1, cellWide + 1, ROW - 2);
}

function paintCell(
  context: CanvasRenderingContext2D,
  cell: Cell,
  x: number,
  y: number,
  wide: number,
  most: number,
  tints: Tints,
): void {
  const [top, high] = [y + 2, ROW - 4];
  const state = stateOf(cell);
  if (state === "read") {
    context.globalAlpha = shadeOf(cell.articles, most);
    context.fillStyle = tints.read;
    context.fillRect(x, top, wide, high);
    context.globalAlpha = 1;
  } else if (state === "quiet" || state === "offered") {
    context.fillStyle = tints.quiet;
    const size = state === "offered" ? 4 : 2;
    context.fillRect(x + wide / 2 - size / 2, y + ROW / 2 - size / 2, size, size);
  } else if (state === "gap") {
    context.strokeStyle = tints.frame;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, top + 0.5, Math.max(1, wide - 1), high - 1);
  }
  if (cell.days_broken) {
    const share = state === "broken" ? 1 : cell.days_broken / Math.max(1, watched(cell));
    const own = Math.max(3, high * share);
    hatch(context, x, top + high - own, wide, own, tints);
  }
}

function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  wide: number,
  high: number,
  tints: Tints,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, wide, high);
  context.clip();
  context.fillStyle = tints.ground;
  context.fillRect(x, y, wide, high);
  context.strokeStyle = tints.bad;
  context.lineWidth = 1.4;
  context.beginPath();
  for (let at = -high; at < wide + high; at += 3.5) {
    context.moveTo(x + at, y + high);
    context.lineTo(x + at + high, y);
  }
  context.stroke();
  context.restore();
}

/** The axis of days under the map: where it begins and ends, its bars, its marks. */

import { DAY_MS, dayOf, isoOf, type Period, type Placed } from "./placed";

export interface Span {
  first: number;
  last: number;
  /** Incidents before and after it: far-off days are not worth an axis of their own. */
  earlier: number;
  later: number;
}

/** The share of incidents at each end that may be left off the axis. */
const TAIL = 0.02;

/**
 * Days that the axis shows.
 *
 * A few incidents of long ago would press all others into a corner: where leaving off 2 % at an end halves the axis, they are.
 * They still count while the period is open at that end.
 */
export function spanOf({ day, dated }: Placed): Span {
  if (!dated) return { first: 0, last: 0, earlier: 0, later: 0 };
  let [start, end] = [0, dated - 1];
  const [low, high] = [Math.floor(dated * TAIL), Math.ceil(dated * (1 - TAIL)) - 1];
  const width = (a: number, b: number) => day[b]! - day[a]! + 1;
  if (width(low, end) * 2 < width(start, end)) start = low;
  if (width(start, high) * 2 < width(start, end)) end = high;
  const [first, last] = [day[start]!, day[end]!];
  while (start > 0 && day[start - 1] === first) start--;
  while (end < dated - 1 && day[end + 1] === last) end++;
  return { first, last, earlier: start, later: dated - 1 - end };
}

export interface Bars {
  /** Days a bar stands for. */
  days: number;
  conflict: Uint32Array;
  cooperation: Uint32Array;
  most: number;
}

export function barsOf(placed: Placed, { first, last, earlier, later }: Span, limit = 180): Bars {
  const days = Math.max(1, Math.ceil((last - first + 1) / limit));
  const n = Math.ceil((last - first + 1) / days);
  const [conflict, cooperation] = [new Uint32Array(n), new Uint32Array(n)];
  for (let i = earlier; i < placed.dated - later; i++)
    (placed.quad[i]! > 2 ? conflict : cooperation)[Math.floor((placed.day[i]! - first) / days)]!++;
  let most = 1;
  for (let i = 0; i < n; i++) most = Math.max(most, conflict[i]! + cooperation[i]!);
  return { days, conflict, cooperation, most };
}

/** Bars as an SVG path on a plane as wide as there are bars and 1 high, standing on `under` where given. */
export function pathOf({ most }: Bars, own: Uint32Array, under?: Uint32Array): string {
  let path = "";
  own.forEach((n, i) => {
    if (n) path += `M${i + 0.06} ${1 - (under?.[i] ?? 0) / most}h.88v${-n / most}h-.88z`;
  });
  return path;
}

/** Days with a word for the axis, at most so many. */
export function ticksOf({ first, last }: Span, limit: number): { day: number; words: string }[] {
  const months = (last - first) / 30.4;
  const ticks: { day: number; words: string }[] = [];
  if (months < 3) {
    const step = Math.max(1, Math.ceil((last - first + 1) / limit));
    for (let day = first; day <= last; day += step) ticks.push({ day, words: short(day, true) });
    return ticks;
  }
  const step = [1, 3, 6, 12, 24, 60, 120, 240].find((m) => months / m <= limit) ?? 600;
  const begin = new Date(first * DAY_MS);
  for (let month = Math.ceil(begin.getUTCMonth() / step) * step; ; month += step) {
    const day = Date.UTC(begin.getUTCFullYear(), month, 1) / DAY_MS;
    if (day > last) return ticks;
    if (day >= first) ticks.push({ day, words: step >= 12 ? isoOf(day).slice(0, 4) : short(day, false) });
  }
}

function short(day: number, withDay: boolean): string {
  const at = new Date(day * DAY_MS);
  const words = { month: "short", timeZone: "UTC" } as const;
  return at.toLocaleDateString(
    "en-GB",
    withDay ? { ...words, day: "numeric" } : { ...words, year: "2-digit" },
  );
}

/** A period moved or cut so that it lies on the axis; open where it reaches an end. */
export function within({ first, last }: Span, from: number, until: number): Period {
  const [a, b] = [Math.max(first, Math.min(from, last)), Math.min(last, Math.max(until, first))];
  return { from: a <= first ? null : a, until: b >= last ? null : b };
}

/** Days of a window that shows some twelve pictures of a span. */
export function fitting({ first, last }: Span): number {
  return [7, 14, 30, 91, 182, 365, 1826].find((days) => (last - first + 1) / days <= 24) ?? 3652;
}

/** A period of the address, as an ISO 8601 interval with ".." for an open end. */
export const said = ({ from, until }: Period): string | null =>
  from === null && until === null ? null : `${from === null ? ".." : isoOf(from)}/${until === null ? ".." : isoOf(until)}`; // prettier-ignore

export function meant(words: string): Period {
  const [from, until] = words.split("/").map(dayOf);
  return { from: from ?? null, until: until ?? null };
}

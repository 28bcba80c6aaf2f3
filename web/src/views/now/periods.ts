/** The numbers per period as bars of a histogram: gaps filled, stray ends cut off, coarser where there were too many. */

import type { Facets } from "../../api/shapes";
import { day, month } from "../../words";

export type Step = Facets["periods"]["step"] | "quarter" | "decade";

export interface Bar {
  /** First and last day, ISO. */
  first: string;
  last: string;
  n: number;
}

export interface Bars {
  step: Step;
  bars: Bar[];
  /** How many lie before the first bar and after the last. */
  before: number;
  after: number;
}

/** More bars than this are too thin to be hit. */
const MOST = 160;
/** So much of the whole may be cut off at either end, where a few dates of long ago would squeeze the rest. */
const STRAY = 0.01;
const COARSER: Partial<Record<Step, Step>> = { month: "quarter", quarter: "year", year: "decade" };

const isoOf = (at: Date): string => at.toISOString().slice(0, 10);

/** First day of the period after the one that begins on a day. */
export function after(first: string, step: Step): string {
  const at = new Date(`${first}T00:00Z`);
  if (step === "day") at.setUTCDate(at.getUTCDate() + 1);
  else if (step === "week") at.setUTCDate(at.getUTCDate() + 7);
  else if (step === "month") at.setUTCMonth(at.getUTCMonth() + 1);
  else if (step === "quarter") at.setUTCMonth(at.getUTCMonth() + 3);
  else at.setUTCFullYear(at.getUTCFullYear() + (step === "year" ? 1 : 10));
  return isoOf(at);
}

export function dayBefore(iso: string): string {
  const at = new Date(`${iso}T00:00Z`);
  at.setUTCDate(at.getUTCDate() - 1);
  return isoOf(at);
}

/** First day of the coarser period in which a day lies. */
function startOf(first: string, step: Step): string {
  const year = Number(first.slice(0, 4));
  if (step === "quarter") {
    const m = Math.floor((Number(first.slice(5, 7)) - 1) / 3) * 3 + 1;
    return `${first.slice(0, 4)}-${String(m).padStart(2, "0")}-01`;
  }
  if (step === "decade") return `${String(year - (year % 10)).padStart(4, "0")}-01-01`;
  return step === "year" ? `${first.slice(0, 4)}-01-01` : first;
}

/** How many periods there are from one to another, both counted; stops counting past the most that are shown. */
function stretch(first: string, last: string, step: Step): number {
  let n = 1;
  for (let at = first; at < last && n <= MOST; at = after(at, step)) n++;
  return n;
}

function coarsened(counts: [string, number][], step: Step): [string, number][] {
  const sums = new Map<string, number>();
  for (const [first, n] of counts) {
    const start = startOf(first, step);
    sums.set(start, (sums.get(start) ?? 0) + n);
  }
  return [...sums];
}

export function barsOf(periods: Facets["periods"]): Bars {
  let step: Step = periods.step;
  let counts = periods.counts;
  let [before, later] = [0, 0];
  const most = counts.reduce((sum, [, n]) => sum + n, 0) * STRAY;
  const long = (): boolean => counts.length > 1 && stretch(counts[0]![0], counts.at(-1)![0], step) > MOST;
  const tooLong = long();
  while (tooLong && counts.length > 1 && before + counts[0]![1] <= most) {
    before += counts[0]![1];
    counts = counts.slice(1);
  }
  while (tooLong && counts.length > 1 && later + counts.at(-1)![1] <= most) {
    later += counts.at(-1)![1];
    counts = counts.slice(0, -1);
  }
  while (long() && COARSER[step]) {
    step = COARSER[step]!;
    counts = coarsened(counts, step);
  }
  if (long()) {
    // Still too many: the newest are shown, whatever lies before is told as a number.
    const kept = counts.filter(([first]) => stretch(first, counts.at(-1)![0], step) <= MOST);
    before += counts.slice(0, counts.length - kept.length).reduce((sum, [, n]) => sum + n, 0);
    counts = kept;
  }
  return { step, bars: filled(counts, step), before, after: later };
}

function filled(counts: [string, number][], step: Step): Bar[] {
  const bars: Bar[] = [];
  const held = new Map(counts);
  const end = counts.at(-1)?.[0];
  for (let first = counts[0]?.[0]; first && end && first <= end;) {
    const next = after(first, step);
    bars.push({ first, last: dayBefore(next), n: held.get(first) ?? 0 });
    first = next;
  }
  return bars;
}

/** A period in words. */
export function spoken(bar: Bar, step: Step): string {
  if (step === "day") return day(bar.first);
  if (step === "week") return `${day(bar.first)} to ${day(bar.last)}`;
  if (step === "month") return month(bar.first);
  if (step === "quarter") return `${month(bar.first)} to ${month(bar.last)}`;
  return step === "year" ? bar.first.slice(0, 4) : `${bar.first.slice(0, 4)} to ${bar.last.slice(0, 4)}`;
}

/** Which bars carry a label below, and what it says: where a year (of days: a month) begins, thinned to what there is room for. */
export function ticksOf(bars: Bar[], step: Step, most: number): { at: number; says: string }[] {
  const fine = step === "day" || (step === "week" && bars.length < 60);
  const key = (bar: Bar): string => bar.first.slice(0, fine ? 7 : 4);
  const all = bars
    .map((bar, at) => ({ at, says: fine ? month(bar.first) : bar.first.slice(0, 4), key: key(bar) }))
    .filter((tick, i) => i === 0 || tick.key !== key(bars[i - 1]!));
  // A first period that is nearly over would push its label into the next one.
  if (all.length > 2 && all[1]!.at < bars.length / 16) all.shift();
  const each = Math.max(1, Math.ceil(all.length / Math.max(1, most)));
  return all.filter((_, i) => i % each === 0);
}

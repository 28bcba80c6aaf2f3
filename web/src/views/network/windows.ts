/** Windows of time: years, quarters or months, one after the other, over the days of which anything is known. */

import { month } from "../../words";

export type Step = "year" | "quarter" | "month";
export interface Window {
  since: string;
  until: string;
}

const LENGTH: Record<Step, number> = { year: 12, quarter: 3, month: 1 };
export const STEPS = Object.keys(LENGTH) as Step[];

/** First day of the month that is so many months after the year 0. */
const dayOf = (months: number): string =>
  `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}-01`;
const monthsOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** The window of a step that a day lies in. */
export function windowOf(day: string, step: Step): Window {
  const first = Math.floor(monthsOf(day) / LENGTH[step]) * LENGTH[step];
  return { since: dayOf(first), until: dayBefore(dayOf(first + LENGTH[step])) };
}

/** All windows from a first to a last day. */
export function windowsOf(first: string, last: string, step: Step): Window[] {
  const out: Window[] = [];
  for (let at = windowOf(first, step); at.since <= last; at = windowOf(next(at), step)) out.push(at);
  return out;
}

const next = (window: Window): string => dayOf(monthsOf(window.until) + 1);

/** The time of the same length just before. */
export function before(window: Window): Window {
  const months = monthsOf(window.until) - monthsOf(window.since) + 1;
  return { since: dayOf(monthsOf(window.since) - months), until: dayBefore(window.since) };
}

/** A window in words: "2020", "Apr to Jun 2020", "Apr 2020". */
export function named(window: Window, step: Step): string {
  if (step === "year") return window.since.slice(0, 4);
  if (step === "month") return month(window.since);
  return `${month(window.since).split(" ")[0]} to ${month(window.until)}`;
}

/** How many incidents each window has, of counts by first day of a period that is no longer than a window. */
export function sums(windows: Window[], counts: [string, number][]): number[] {
  const out = windows.map(() => 0);
  let at = 0;
  for (const [day, n] of counts) {
    while (at < windows.length && windows[at]!.until < day) at++;
    if (at < windows.length && day >= windows[at]!.since) out[at]! += n;
  }
  return out;
}

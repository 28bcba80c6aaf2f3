/** Periods of a series: where they end, how they are called, and which length suits a stretch of time. */

import { day, month } from "../../words";

export type Step = "day" | "week" | "month";
export const STEPS: readonly Step[] = ["day", "week", "month"];

const DAY_MS = 86_400_000;

export const utc = (iso: string): Date => new Date(`${iso.slice(0, 10)}T00:00Z`);
export const isoDay = (at: Date | number): string => new Date(at).toISOString().slice(0, 10);
export const daysLater = (iso: string, days: number): string => isoDay(utc(iso).getTime() + days * DAY_MS);
export const daysBetween = (from: string, to: string): number =>
  Math.round((utc(to).getTime() - utc(from).getTime()) / DAY_MS);

/** The first day of what an address calls "2018", "2018-05" or "2018-05-03"; "" for anything else. */
export function firstDay(words: string): string {
  if (/^\d{4}$/.test(words)) return `${words}-01-01`;
  if (/^\d{4}-\d{2}$/.test(words)) return `${words}-01`;
  return /^\d{4}-\d{2}-\d{2}$/.test(words) && !Number.isNaN(utc(words).getTime()) ? words : "";
}

/** The last day of it. */
export function lastDay(words: string): string {
  const first = firstDay(words);
  if (!first || words.length === 10) return first;
  const at = utc(first);
  if (words.length === 4) at.setUTCFullYear(at.getUTCFullYear() + 1);
  else at.setUTCMonth(at.getUTCMonth() + 1);
  return isoDay(at.getTime() - DAY_MS);
}

/** The beginning of the period after the one that begins on a day. */
export function after(start: Date, step: Step): Date {
  if (step !== "month") return new Date(start.getTime() + (step === "week" ? 7 : 1) * DAY_MS);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
}

/** The length of periods that shows a stretch of time well. */
export function stepFor(since: string, until: string): Step {
  const [first, last] = [firstDay(since), lastDay(until)];
  if (!first || !last) return "month";
  const days = daysBetween(first, last);
  // The server computes days for the last 10,000 only; weeks it computes for all.
  const isRecent = Date.now() - utc(first).getTime() < 9_500 * DAY_MS;
  if (days <= 100 && isRecent) return "day";
  return days <= 800 ? "week" : "month";
}

export const periodName = (start: string, step: Step): string =>
  step === "month" ? month(start) : step === "week" ? `week of ${day(start)}` : day(start);

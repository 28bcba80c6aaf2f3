/** How values read: dates with their precision, sides, numbers with units. */

import { codes } from "./api/codes.svelte";
import type { Participant, Status, When } from "./api/shapes";

const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const LONG_DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
const NUMBER = new Intl.NumberFormat("en-GB");

export const number = (n: number): string => NUMBER.format(n);
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${number(n)} ${n === 1 ? one : many}`;
export const percent = (p: number): string => `${Math.round(p * 100)}\u00a0%`;
export const day = (iso: string): string => DAY.format(new Date(`${iso.slice(0, 10)}T00:00Z`));
export const longDay = (iso: string): string => LONG_DAY.format(new Date(`${iso.slice(0, 10)}T00:00Z`));
export const month = (iso: string): string => MONTH.format(new Date(`${iso.slice(0, 7)}-01T00:00Z`));
/** A UTC time of the server, such as as_of. */
export const moment = (iso: string): string =>
  `${MOMENT.format(new Date(iso.endsWith("Z") ? iso : `${iso}Z`))} UTC`;

/** When it happened, no finer than it is known. */
export function when(date: When | null): string {
  if (!date) return "undated";
  if (date.precision === "year") return date.from.slice(0, 4);
  if (date.precision === "month") return month(date.from);
  if (date.from === date.to) return day(date.from);
  return `${day(date.from)} to ${day(date.to)}`;
}

/** A side in words: the name that the tables know, or the words of the text. */
export const side = (who: Participant): string => who.name ?? who.text;

/** Country and sectors of a side in words, "" where neither is known. */
export function origin(who: Participant): string {
  const parts = [
    who.country ? codes.country(who.country) : "",
    ...(who.sectors ?? []).slice(0, 1).map((s) => codes.sector(s)),
  ];
  return parts.filter(Boolean).join(", ");
}

export const sides = (people: Participant[] | null): string => (people ?? []).map(side).join(", ");

/** The code by which a side is asked for: IRN/MIL, IRN, or its name. */
export function codeOf(who: Participant): string {
  if (!who.country) return side(who);
  const sector = who.sectors?.[0];
  return sector && sector !== "GOV" ? `${who.country}/${sector}` : who.country;
}

export const STATUSES: Record<Status, string> = {
  actual: "happened",
  future: "planned",
  hypothetical: "possible",
  negated: "did not happen",
};

/** "third-party" and "ASSAULT" as people write them. */
export const spelled = (code: string): string =>
  code.charAt(0).toUpperCase() + code.slice(1).toLowerCase().replaceAll("_", " ");

/** What reviews say of events, and what an event was before one. */

import { get } from "../../api/client";
import type { Event, Participant, Span } from "../../api/shapes";
import { side, spelled, STATUSES } from "../../words";

export type Verdict = "accepted" | "corrected" | "rejected" | "added";

export interface Review {
  review_id: string;
  event_id: string;
  article_id: string | null;
  verdict: Verdict;
  /** The fields as they should be, with the codes that follow from them. */
  correction: Partial<Event> | null;
  reviewer: string | null;
  recorded_at: string;
  event_type: string | null;
  quote: string | Span | null;
  title: string | null;
}
/** A field that a review changed; `old` is null where it is not known. */
export interface Changed {
  field: string;
  old: string | null;
  now: string;
}

export const VERDICTS: Record<Verdict, { words: string; means: string; glyph: string }> = {
  accepted: { words: "accepted", means: "The event is right as it is.", glyph: "M4 12l5 5L20 6" },
  corrected: {
    words: "corrected",
    means: "The event is there, but a field was wrong.",
    glyph: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  },
  rejected: { words: "rejected", means: "The text does not tell of it.", glyph: "M6 6l12 12M18 6L6 18" },
  added: { words: "added", means: "The coder missed it.", glyph: "M12 5v14M5 12h14" },
};
const FIELDS: readonly [keyof Event, string][] = [
  ["event_type", "type"],
  ["mode", "mode"],
  ["status", "whether"],
  ["trigger", "words for the act"],
  ["actors", "who"],
  ["recipients", "to whom"],
];

/** A side with its code, "Police (COL/COP)". */
const coded = (who: Participant): string => {
  const code = [who.country, who.sectors?.[0]].filter(Boolean).join("/");
  return code ? `${side(who)} (${code})` : side(who);
};

function said(field: keyof Event, of: Partial<Event>): string {
  const value = of[field];
  if (field === "actors" || field === "recipients")
    return ((value as Participant[] | null | undefined) ?? []).map(coded).join(", ") || "none";
  if (value === null || value === undefined || value === "") return "none";
  if (field === "trigger") return `“${(value as Span).text}”`;
  if (field === "status") return STATUSES[value as Event["status"]];
  return field === "event_type" ? spelled(String(value)) : String(value);
}

/** What a correction changed, field by field; what stayed as it was is left out where that is known. */
export function changesOf(review: Review, before: Event | undefined): Changed[] {
  const { correction } = review;
  if (!correction || review.verdict !== "corrected") return [];
  return FIELDS.filter(([field]) => field in correction)
    .map(([field, words]) => ({
      field: words,
      old: before ? said(field, before) : null,
      now: said(field, correction),
    }))
    .filter((changed) => changed.old !== changed.now);
}

/** A UTC time as the server records it, with a space or a T, in the form that every browser reads. */
export const isoOf = (recorded_at: string): string => `${recorded_at.replace(" ", "T").replace(/Z$/, "")}Z`;

/** A moment just before one that the server recorded, by which the state before is asked for. */
export const justBefore = (recorded_at: string): string =>
  new Date(Date.parse(isoOf(recorded_at)) - 1).toISOString().slice(0, 23);

const MOST_AT_ONCE = 3;
const waiting: (() => void)[] = [];
let running = 0;

/** The event as it was before a review; undefined where that is not known. A few are asked for at a time. */
export async function eventBefore(review: Review, signal: AbortSignal): Promise<Event | undefined> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    if (signal.aborted) return undefined;
    const asked = { as_of: justBefore(review.recorded_at) };
    return (await get<{ event: Event }>(`/events/${review.event_id}`, asked, signal)).event;
  } catch {
    return undefined;
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

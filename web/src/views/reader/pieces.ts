/** A line of text cut into pieces at every boundary of a mark, so that marks may overlap in any way. */

import type { Event, Participant } from "../../api/shapes";
import { COUNTS } from "./meanings";

/** A stretch that an event's trigger, a role of the chosen event, or a hand holds. */
export interface Mark {
  start: number;
  end: number;
}
export interface Role extends Mark {
  name: string;
  kind: "side" | "place" | "date" | "count" | "voice";
}
export interface Trigger extends Mark {
  event: Event;
}

export interface Piece extends Mark {
  text: string;
  /** Events whose trigger these words are part of, in the order of the text. */
  triggers: Event[];
  /** Events whose trigger begins here. */
  begins: Event[];
  roles: Role[];
  /** Names of roles that begin here. */
  labels: string[];
  chosen: boolean;
  picked: boolean;
  picking: boolean;
}

export const marks = (a: Mark, b: Mark): boolean => a.start < b.end && b.start < a.end;

/** The words of an event that play a part in it, besides its trigger. */
export function rolesOf(event: Event): Role[] {
  const roles: Role[] = [];
  const add = (
    span: { start: number | null; end: number | null } | null,
    name: string,
    kind: Role["kind"],
  ) => {
    if (span && span.start !== null && span.end !== null && span.end > span.start)
      roles.push({ start: span.start, end: span.end, name, kind });
  };
  const people = (all: Participant[] | null, name: string) => all?.forEach((who) => add(who, name, "side"));
  people(event.actors, "actor");
  people(event.recipients, "recipient");
  add(event.place, "place", "place");
  add(event.date, "date", "date");
  add(event.said_by, "says", "voice");
  for (const [kind, count] of Object.entries(event.counts ?? {})) add(count, COUNTS[kind] ?? kind, "count");
  return roles.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** What is marked in a line, besides its words. */
export interface Marked {
  triggers: readonly Trigger[];
  /** The sentence of the chosen event. */
  sentence: Mark | null;
  roles: readonly Role[];
  /** Words that a form holds. */
  picked: readonly Role[];
  /** Words that are being picked. */
  picking: Mark | null;
}

/** The pieces of a line from `start` to `end`; their texts together are the line. */
export function piecesOf(
  slice: (start: number, end: number) => string,
  start: number,
  end: number,
  marked: Marked,
): Piece[] {
  const within = { start, end };
  const triggers = marked.triggers.filter((t) => marks(t, within));
  const roles = [...marked.roles, ...marked.picked].filter((r) => marks(r, within));
  const cuts = new Set([start, end]);
  const cut = (mark: Mark | null) => {
    if (!mark) return;
    if (mark.start > start && mark.start < end) cuts.add(mark.start);
    if (mark.end > start && mark.end < end) cuts.add(mark.end);
  };
  [...triggers, ...roles, marked.sentence, marked.picking].forEach(cut);
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(0, -1).map((from, i) => {
    const own = { start: from, end: at[i + 1]! };
    const here = roles.filter((r) => marks(r, own));
    return {
      ...own,
      text: slice(own.start, own.end),
      triggers: triggers.filter((t) => marks(t, own)).map((t) => t.event),
      begins: triggers.filter((t) => Math.max(t.start, start) === from).map((t) => t.event),
      roles: here,
      labels: [...new Set(here.filter((r) => Math.max(r.start, start) === from).map((r) => r.name))],
      chosen: marked.sentence !== null && marks(marked.sentence, own),
      picked: marked.picked.some((r) => marks(r, own)),
      picking: marked.picking !== null && marks(marked.picking, own),
    };
  });
}

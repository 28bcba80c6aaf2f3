/** An event as a person would have it, and what of it goes to the server. */

import { codes, COUNTRIES } from "../../api/codes.svelte";
import type { Event, Participant, Status } from "../../api/shapes";
import type { Letters } from "./codepoints";
import type { Mark, Role } from "./pieces";

export interface Words extends Mark {
  text: string;
}
export interface Who extends Words {
  country: string;
  sectors: string[];
}
export interface Draft {
  event_type: string;
  mode: string;
  status: Status;
  trigger: Words | null;
  actors: Who[];
  recipients: Who[];
}
export type Side = "actors" | "recipients";
export type Field = "event_type" | "mode" | "status" | "trigger" | Side;

const whoOf = (p: Participant): Who => ({
  start: p.start,
  end: p.end,
  text: p.text,
  country: p.country ?? "",
  sectors: [...(p.sectors ?? [])],
});

/** A draft that holds what an event says; an empty one without. */
export function draftOf(event: Event | null): Draft {
  return {
    event_type: event?.event_type ?? "",
    mode: event?.mode ?? "",
    status: event?.status ?? "actual",
    trigger: event && { ...event.trigger },
    actors: (event?.actors ?? []).map(whoOf),
    recipients: (event?.recipients ?? []).map(whoOf),
  };
}

/** Words of the article for a side, with the codes that the same words have elsewhere in it. */
export function whoFrom(letters: Letters, mark: Mark, events: readonly Event[]): Who {
  const text = letters.slice(mark.start, mark.end);
  const people = events.flatMap((e) => [...(e.actors ?? []), ...(e.recipients ?? [])]);
  const same = people.find((p) => p.text === text);
  return { ...mark, text, country: same?.country ?? "", sectors: [...(same?.sectors ?? [])] };
}

const sent = (who: Who) => ({
  text: who.text,
  start: who.start,
  country: toCountry(who.country) || null,
  sectors: who.sectors,
});

/** The code of a country that was written as a code or a name; other words as they stand, for the server to judge. */
export function toCountry(words: string): string {
  const plain = words.trim();
  if (!plain) return "";
  const low = plain.toLowerCase();
  const special = Object.entries(codes.ontology?.countries ?? {});
  const found = [...COUNTRIES, ...special].find(
    ([code, name]) => code.toLowerCase() === low || name.toLowerCase() === low,
  );
  return found ? found[0] : plain.toUpperCase();
}

const told = (value: unknown): string => JSON.stringify(value);

/** The fields in which a draft differs from its event; empty where nothing does. */
export function correctionOf(event: Event, draft: Draft): Record<string, unknown> {
  const before = draftOf(event);
  const out: Record<string, unknown> = {};
  const type = draft.event_type !== before.event_type;
  if (type) out.event_type = draft.event_type;
  if (draft.mode !== (type ? "" : before.mode)) out.mode = draft.mode || null;
  if (draft.status !== before.status) out.status = draft.status;
  if (
    draft.trigger &&
    (draft.trigger.start !== before.trigger?.start || draft.trigger.end !== before.trigger.end)
  )
    out.trigger = { start: draft.trigger.start, end: draft.trigger.end };
  for (const side of ["actors", "recipients"] as const)
    if (told(draft[side].map(sent)) !== told(before[side].map(sent))) out[side] = draft[side].map(sent);
  return out;
}

/** What is sent for an event that was missed. */
export const additionOf = (draft: Draft): Record<string, unknown> => ({
  event_type: draft.event_type,
  trigger: draft.trigger && { start: draft.trigger.start, end: draft.trigger.end },
  mode: draft.mode || null,
  status: draft.status,
  actors: draft.actors.map(sent),
  recipients: draft.recipients.map(sent),
});

/** Words that a draft holds, to be marked in the text. */
export function held(draft: Draft): Role[] {
  const side = (all: Who[], name: string): Role[] =>
    all.map(({ start, end }) => ({ start, end, name, kind: "side" as const }));
  const { trigger } = draft;
  return [
    ...(trigger ? [{ start: trigger.start, end: trigger.end, name: "trigger", kind: "voice" as const }] : []),
    ...side(draft.actors, "actor"),
    ...side(draft.recipients, "recipient"),
  ];
}

/** The field that the server's words are about; "form" where they name none. */
export function fieldOf(message: string, draft: Draft): Field | "form" {
  const low = message.toLowerCase();
  const quoted = /"([^"]*)"/.exec(message)?.[1] ?? "";
  const withCode = (has: (who: Who) => boolean): Field | "form" =>
    draft.actors.some(has) ? "actors" : draft.recipients.some(has) ? "recipients" : "form";
  if (/\b(the actor|actors)\b/.test(low)) return "actors";
  if (/\b(the recipient|recipients)\b/.test(low)) return "recipients";
  if (low.includes("country")) return withCode((who) => toCountry(who.country) === quoted);
  if (low.includes("sector")) return withCode((who) => who.sectors.includes(quoted));
  if (/\btrigger\b/.test(low)) return "trigger";
  if (/\bmode\b/.test(low)) return "mode";
  if (/\bstatus\b/.test(low)) return "status";
  if (/event[ _]type/.test(low)) return "event_type";
  return "form";
}

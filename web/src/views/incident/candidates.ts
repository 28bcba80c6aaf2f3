/** Incidents that may be the same as one: by sides, type and days, by words, or by id. */

import { get } from "../../api/client";
import type { Hit, Incident, Page, WholeIncident } from "../../api/shapes";
import { codeOf } from "../../words";

/** Days around an incident in which its like is looked for. */
const DAYS = 14;
const MOST = 12;
/** Events of found sentences whose incidents are asked for. */
const MOST_EVENTS = 16;
const DAY_MS = 86_400_000;

const shifted = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Codes of the sides of an incident, each once. */
const codesOf = (incident: Incident): string[] => [
  ...new Set(
    [...(incident.actors ?? []), ...(incident.recipients ?? [])].map((who) => who.country ?? codeOf(who)),
  ),
];

/** How many days lie between two incidents; a long time where one is undated. */
function apart(a: Incident, b: Incident): number {
  if (!a.date || !b.date) return 999;
  const gap = Math.max(
    Date.parse(a.date.from) - Date.parse(b.date.to),
    Date.parse(b.date.from) - Date.parse(a.date.to),
    0,
  );
  return Math.round(gap / DAY_MS);
}

/** Incidents of the same type that share a side with one and lie within two weeks of it, the likest first. */
export async function likely(incident: Incident, signal: AbortSignal): Promise<Incident[]> {
  const from = incident.date?.from ?? incident.first_seen;
  const until = incident.date?.to ?? incident.last_seen;
  const asked: Record<string, string> = { type: incident.event_type, limit: "50" };
  if (from) asked.since = shifted(from, -DAYS);
  if (until) asked.until = shifted(until, DAYS);
  const codes = codesOf(incident);
  const questions = codes.slice(0, 3).map((participant) => ({ ...asked, participant }));
  if (!questions.length) questions.push({ ...asked, participant: "" });
  const pages = await Promise.all(questions.map((q) => get<Page<Incident>>("/incidents", q, signal)));
  const found = new Map(pages.flatMap((page) => page.items).map((other) => [other.incident_id, other]));
  found.delete(incident.incident_id);
  const shared = (other: Incident): number => codesOf(other).filter((code) => codes.includes(code)).length;
  return [...found.values()]
    .sort((a, b) => shared(b) - shared(a) || apart(incident, a) - apart(incident, b))
    .slice(0, MOST);
}

/** Incidents that an id or words of their sentences name. */
export async function named(words: string, not: string, signal: AbortSignal): Promise<Incident[]> {
  const whole = (id: string) =>
    get<{ incident: WholeIncident }>(`/incidents/${id}`, {}, signal).then((answer) => answer.incident);
  const id = words
    .trim()
    .replace(/^.*\/incidents\//, "")
    .replace(/[?#].*$/, "");
  if (/^[0-9a-f]{6,16}$/.test(id)) return [await whole(id)].filter((found) => found.incident_id !== not);
  const hits = await get<Page<Hit>>("/search", { q: words.trim(), limit: 10 }, signal);
  const events = hits.items.flatMap((hit) => [hit.event_id, ...hit.also]).slice(0, MOST_EVENTS);
  const evidence = await Promise.all(
    events.map((event) =>
      get<{ evidence: { incidents: string[] } }>(`/evidence/${event}`, { context: "0" }, signal),
    ),
  );
  const ids = new Set(evidence.flatMap((answer) => answer.evidence.incidents));
  ids.delete(not);
  return Promise.all([...ids].map(whole));
}

/** In what two incidents differ, in words. */
export function differences(a: Incident, b: Incident): string[] {
  const out: string[] = [];
  if (a.event_type !== b.event_type) out.push(`types differ: ${a.event_type} and ${b.event_type}`);
  else if (a.mode !== b.mode && a.mode && b.mode) out.push(`modes differ: ${a.mode} and ${b.mode}`);
  if (a.status !== b.status) out.push(`status differs: ${a.status} and ${b.status}`);
  const days = apart(a, b);
  if (days === 999) out.push("a date is missing");
  else if (days > 0) out.push(days === 1 ? "1 day apart" : `${days} days apart`);
  const common = codesOf(a).filter((code) => codesOf(b).includes(code));
  if (!common.length) out.push("no side in common");
  const [here, there] = [a.place?.name, b.place?.name];
  if (here && there && here !== there) out.push(`places differ: ${here} and ${there}`);
  return out;
}

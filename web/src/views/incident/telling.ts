/** How the events of an incident lie in their articles: by day of publication, copies under who wrote the text. */

import type { Event, Report, Sentence, WholeIncident, Why } from "../../api/shapes";

/** A sentence of an article and the events of this incident that rest on it. */
export interface Told {
  quote: Sentence["quote"];
  triggers: Sentence["trigger"][];
  section: string;
  events: Event[];
  whys: Why[];
}
/** An article that tells of the incident. */
export interface Telling {
  article_id: string;
  outlet: string | null;
  title: string | null;
  url: string | null;
  published_on: string | null;
  /** Who wrote it, when its text is somebody else's. */
  newsroom: string | null;
  told: Told[];
  /** Articles of other outlets with the same text. */
  copies: Telling[];
}
export interface Day {
  /** Day of publication; null where none is known. */
  day: string | null;
  tellings: Telling[];
}

/** Event ids of an article, in the order of its text. */
export const eventsOf = (telling: Telling): string[] =>
  telling.told.flatMap((told) => told.events.map((event) => event.event_id));

const byDay = (a: Telling, b: Telling): number =>
  (a.published_on ?? "9999").localeCompare(b.published_on ?? "9999") ||
  Number(isCopy(a)) - Number(isCopy(b)) ||
  a.article_id.localeCompare(b.article_id);

export const isCopy = (telling: Telling): boolean =>
  telling.newsroom !== null && telling.newsroom !== telling.outlet;

/** The articles of an incident, oldest first; a copy lies under the first article of the newsroom that wrote it. */
export function tellings(incident: WholeIncident): Telling[] {
  const events = new Map(incident.told.map((event) => [event.event_id, event]));
  const reports = new Map(incident.reports.map((report): [string, Report] => [report.event_id, report]));
  const whys = new Map((incident.why ?? []).map((why) => [why.event_id, why]));
  const articles = new Map<string, Telling>();
  for (const sentence of incident.evidence) {
    const { article_id, outlet, title, url, published_on, newsroom } = sentence;
    const telling = articles.get(article_id) ?? {
      article_id, outlet, title, url, published_on, newsroom, told: [], copies: [],
    }; // prettier-ignore
    articles.set(article_id, telling);
    let told = telling.told.find((t) => t.quote.start === sentence.quote.start);
    if (!told) {
      const section = reports.get(sentence.event_id)?.section ?? "body";
      telling.told.push((told = { quote: sentence.quote, triggers: [], section, events: [], whys: [] }));
    }
    told.triggers.push(sentence.trigger);
    const event = events.get(sentence.event_id);
    const why = whys.get(sentence.event_id);
    if (event) told.events.push(event);
    if (why) told.whys.push(why);
  }
  for (const telling of articles.values()) telling.told.sort((a, b) => a.quote.start - b.quote.start);
  return folded([...articles.values()].sort(byDay));
}

function folded(articles: Telling[]): Telling[] {
  const first = new Map<string, Telling>();
  for (const telling of articles) {
    const room = telling.newsroom ?? telling.outlet;
    const held = room === null ? undefined : first.get(room);
    // Of a wire text whose own article is not here, the copy that came first stands for the others.
    if (room !== null && (!held || (isCopy(held) && !isCopy(telling)))) first.set(room, telling);
  }
  const out: Telling[] = [];
  for (const telling of articles) {
    const own = telling.newsroom === null ? undefined : first.get(telling.newsroom);
    if (own && own !== telling && isCopy(telling)) own.copies.push(telling);
    else out.push(telling);
  }
  return out;
}

/** Articles by day of publication, oldest first, those without a day last. */
export function byDays(articles: Telling[]): Day[] {
  const days: Day[] = [];
  for (const telling of articles) {
    const last = days.at(-1);
    if (last && last.day === telling.published_on) last.tellings.push(telling);
    else days.push({ day: telling.published_on, tellings: [telling] });
  }
  return days;
}

/** The event whose fields the incident took over: the one that says most. */
export function fullest(incident: WholeIncident): Event | undefined {
  const said = (of: { actors: unknown; recipients: unknown }) => JSON.stringify([of.actors, of.recipients]);
  const wanted = said(incident);
  const like = incident.told.filter((event) => said(event) === wanted);
  return like.find((event) => event.event_type === incident.event_type) ?? like[0] ?? incident.told[0];
}

/** Whom the articles quote for it, with how many sentences, the most quoted first. */
export function quoted(incident: WholeIncident): [string, number][] {
  const counts = new Map<string, number>();
  for (const event of incident.told) {
    const who = event.said_by && (event.said_by.name ?? event.said_by.text);
    if (who) counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

/** Words for codes of an event's parts. */

import type { Article, Event } from "../../api/shapes";
import { day, sides, spelled, STATUSES } from "../../words";

export const COUNTS: Record<string, string> = {
  dead: "dead",
  injured: "injured",
  arrested: "arrested",
  displaced: "displaced",
  crowd: "crowd",
};

export const RESOLUTIONS: Record<number, string> = {
  1: "a country",
  2: "a first-order region",
  3: "a district",
  4: "a town or city",
  5: "a spot within a city",
};

/** One line that says an event: "Accuse, allege: Ilham Aliyev to Hassan Ameli, did not happen". */
export function inWords(event: Event): string {
  const what = [spelled(event.event_type), event.mode].filter(Boolean).join(", ");
  const who = sides(event.actors) || "unnamed";
  const whom = sides(event.recipients);
  const more = [
    event.status === "actual" ? "" : STATUSES[event.status],
    event.historical ? "background" : "",
  ];
  return [`${what}: ${who}${whom ? ` to ${whom}` : ""}`, ...more].filter(Boolean).join(", ");
}

/** Why an article has its day: "from JSON-LD datePublished". */
export function evidenceOf(article: Article): string {
  const told = article.published_evidence as {
    basis?: string;
    detail?: string;
    earliest?: string | null;
    latest?: string | null;
  } | null;
  if (!told?.basis) return "";
  const detail = told.detail ?? "";
  const words =
    { given: `given with the input (${detail})`, url: "from the address", inferred: `worked out: ${detail}` }[
      told.basis
    ] ?? `from ${detail}`;
  const { earliest, latest } = told;
  const bounds =
    earliest && latest && earliest !== latest ? `, between ${day(earliest)} and ${day(latest)}` : "";
  return words + bounds;
}

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

export function languageOf(article: Article): string {
  try {
    return article.language ? (LANGUAGES.of(article.language) ?? article.language) : "language not known";
  } catch {
    return article.language ?? "";
  }
}

/** The address of the article on the web; null unless it is http or https. */
export function linkOf(article: Article): string | null {
  if (!article.url) return null;
  try {
    return ["http:", "https:"].includes(new URL(article.url).protocol) ? article.url : null;
  } catch {
    return null;
  }
}

/** Characters that turn the direction of writing; words that hold them may read otherwise than they stand. */
export const turns = (text: string): number => text.match(/[\u202a-\u202e\u2066-\u2069]/g)?.length ?? 0;

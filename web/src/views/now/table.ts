/** Incidents as a CSV file (RFC 4180), made in the browser of the rows that are loaded. */

import type { Incident, Participant } from "../../api/shapes";
import { side } from "../../words";

type Cell = string | number | boolean | null | undefined;

const names = (people: Participant[] | null): string => (people ?? []).map(side).join("; ");
const countries = (people: Participant[] | null): string =>
  (people ?? []).map((who) => who.country ?? "").join("; ");

const COLUMNS: Record<string, (incident: Incident) => Cell> = {
  incident_id: (i) => i.incident_id,
  event_type: (i) => i.event_type,
  mode: (i) => i.mode,
  quad_class: (i) => i.quad_class,
  status: (i) => i.status,
  historical: (i) => i.historical,
  date_from: (i) => i.date?.from,
  date_to: (i) => i.date?.to,
  date_precision: (i) => i.date?.precision,
  actors: (i) => names(i.actors),
  actor_countries: (i) => countries(i.actors),
  recipients: (i) => names(i.recipients),
  recipient_countries: (i) => countries(i.recipients),
  place: (i) => i.place?.name ?? i.place?.text,
  place_country: (i) => i.place?.country,
  lat: (i) => i.place?.lat,
  lon: (i) => i.place?.lon,
  independent_sources: (i) => i.independent_sources,
  reports: (i) => i.reports.length,
  first_seen: (i) => i.first_seen,
  last_seen: (i) => i.last_seen,
  outlet: (i) => i.reports[0]?.outlet,
  title: (i) => i.reports[0]?.title,
  quote: (i) => i.reports[0]?.quote,
};

/** One cell. Words of the outside world that a spreadsheet would take for a formula get an apostrophe before them (OWASP, CSV injection). */
function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(incidents: readonly Incident[]): string {
  const lines = [
    Object.keys(COLUMNS),
    ...incidents.map((incident) => Object.values(COLUMNS).map((of) => cell(of(incident)))),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

/** Name of the file: what it holds, how much of it, and of which day. */
export function fileName(loaded: number, total: number | undefined, today: string): string {
  const part = total !== undefined && total > loaded ? `${loaded}-of-${total}` : String(loaded);
  return `dragoman-incidents-${part}-${today}.csv`;
}

/** Hand a file to the browser. */
export function download(words: string, name: string): void {
  // The mark at the beginning tells spreadsheets that this is UTF-8.
  const url = URL.createObjectURL(new Blob(["\ufeff", words], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

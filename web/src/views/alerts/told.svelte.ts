/** All alerts that were told, the newest first, page after page; and which of them the address asks for. */

import { codes } from "../../api/codes.svelte";
import { get, Problem } from "../../api/client";
import { live } from "../../api/live.svelte";
import type { Page } from "../../api/shapes";
import { to } from "../../router.svelte";

export interface Evidence {
  event_id: string;
  article_id: string;
  outlet: string | null;
  url: string | null;
  published_on: string | null;
  quote: string;
}
export interface Moved {
  incident_id: string;
  event_type: string;
  mode: string | null;
  on: string | null;
  intensity: number;
  reports: number;
  evidence: Evidence[];
}
export interface Alert {
  alert_id: string;
  rule: string;
  sides: [string, string];
  /** Whom the sides stand for; alerts of older versions do not say it. */
  members?: [string[], string[]];
  kind: "conflict" | "cooperation";
  rises: boolean;
  since: string;
  raised_on: string;
  confidence: number;
  /** Incidents a week. */
  before: number;
  after: number;
  by_chance_per_year: number;
  message: string;
  incidents: Moved[];
  missing: string[];
}

const PAGE = 200;

/** Alerts are few, so all are read: filters then tell of all, not of a page. */
export class Told {
  answer = $state.raw<Alert[] | undefined>(undefined);
  problem = $state.raw<Problem | undefined>(undefined);
  busy = $state(false);
  #again = $state(0);

  /** Make it while a component starts: it asks within an effect. */
  constructor() {
    $effect(() => {
      void this.#again;
      void live.changes;
      const aborted = new AbortController();
      void this.#read(aborted.signal);
      return () => aborted.abort();
    });
  }

  again(): void {
    this.#again += 1;
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.busy = true;
    const all: Alert[] = [];
    try {
      for (let page: string | null = ""; page !== null;) {
        const found: Page<Alert> = await get<Page<Alert>>("/alerts", { limit: PAGE, page }, signal);
        all.push(...found.items);
        page = found.next;
        this.answer = [...all];
      }
      this.problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Problem ? error : new Problem(0, "failed", String(error));
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }
}

const CODE = /^[A-Z]{3}(\/[A-Z]{3})?$/;

/** A side in words: a country by its name, a group as the rules call it. */
export function sideName(side: string): string {
  if (!CODE.test(side)) return side;
  const [country = "", sector] = side.split("/");
  return codes.country(country) + (sector ? `, ${codes.sector(sector).toLowerCase()}` : "");
}

/** What the API takes as that side: its code or name, or the codes of a group. */
function asked(alert: Alert, place: 0 | 1): string {
  const members = alert.members?.[place] ?? [];
  return members.length > 1 && members.every((m) => CODE.test(m)) ? members.join(",") : alert.sides[place];
}

const shifted = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The relation of the two sides around the turn: half a year before it to two months after. */
export const relationAt = (alert: Alert): string =>
  to("/relations", {
    first: asked(alert, 0),
    second: asked(alert, 1),
    since: shifted(alert.since, -182),
    until: shifted(alert.raised_on, 61),
  });

/** How often chance alone shows as much, in words. */
export function byChance(perYear: number): string {
  if (!(perYear > 0)) return "";
  const years = 1 / perYear;
  if (years >= 1.5) return `chance alone shows as much at most once in ${Math.round(years)} years`;
  return `chance alone may show as much ${perYear <= 1 ? "once" : "twice"} a year`;
}

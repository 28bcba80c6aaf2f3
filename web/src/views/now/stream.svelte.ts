/** The list of incidents that the address asks for. What arrives while somebody reads waits until it is wanted. */

import { untrack } from "svelte";
import { Asked } from "../../api/asked.svelte";
import { get } from "../../api/client";
import { live } from "../../api/live.svelte";
import { Paged, type Held } from "../../api/paged.svelte";
import type { Facets, Incident, Page } from "../../api/shapes";
import { filters } from "../../filters";
import { here } from "../../router.svelte";
import { question } from "./saved.svelte";
import { seen } from "./seen.svelte";

export const ORDERS = { newest: "newest first", oldest: "oldest first", reported: "last reported first" };
export type Order = keyof typeof ORDERS;

const FIRST = 50;
const MOST = 500; // the most that the server gives at once

export const order = (): Order => {
  const wanted = here.value("order");
  return wanted in ORDERS ? (wanted as Order) : "newest";
};

/** The list as it was left, so that coming back finds it where it was. */
let left: (Held<Incident> & { scrolled: number; changes: number }) | undefined;
let steppedBack_ms = -Infinity;
addEventListener("popstate", () => (steppedBack_ms = performance.now()), { capture: true });

/** Under which heading an incident stands: the day on which it began, or of its last report; "" where that is not known. */
export const dayOf = (incident: Incident, by: Order): string =>
  (by === "reported" ? incident.last_seen : incident.date?.from) ?? "";

export interface Counted {
  query: string;
  total: number;
}

export class Stream {
  readonly list: Paged<Incident>;
  readonly facets: Asked<{ facets: Facets }>;
  /** How many incidents the question has, with the question as saved searches know it: counts come later than questions. */
  counted = $state.raw<Counted | undefined>();
  /** Rows that came since, and how many of them are not in the list. */
  #waiting = $state.raw<{ held: Held<Incident>; fresh: Incident[] } | undefined>();
  #looking: AbortController | undefined;
  /** Whether the list is one that was left before, and how far down it was. */
  readonly returned_px: number | undefined;

  /** Make it while a component starts. */
  constructor() {
    const ask = () => ({ path: "/incidents", asked: filters({ order: order(), limit: FIRST }) });
    const kept = left;
    this.list = new Paged<Incident>(ask, kept);
    this.facets = new Asked<{ facets: Facets }>(() => ({ path: "/incidents/facets", asked: filters() }), {
      followLive: true,
    });
    if (kept && this.list.answer && performance.now() - steppedBack_ms < 2000)
      this.returned_px = kept.scrolled;
    // Where the store stood when the list was asked for: changes before that are in it.
    let known = kept && this.list.answer ? kept.changes : live.changes;
    $effect(() => {
      const total = this.total;
      if (this.facets.answer && total !== undefined && !untrack(() => here.value("as_of")))
        this.counted = { query: untrack(question), total };
    });
    $effect(() => {
      void this.list.said;
      this.#looking?.abort();
      this.#waiting = undefined;
    });
    $effect(() => {
      if (live.changes === known || !this.list.said || here.value("as_of")) return;
      const now = live.changes;
      // A store that is written to all the time is looked at once in a while.
      const timer = setTimeout(() => {
        known = now;
        void this.#look();
      }, 500);
      return () => clearTimeout(timer);
    });
    $effect(() => {
      const held = () => ({
        said: this.list.said,
        rows: this.list.rows,
        next: this.list.next,
        as_of: this.list.as_of,
      });
      let scrolled = scrollY;
      const path = location.pathname;
      // Another page begins at its top while this one still stands, until the other one has come.
      const follow = () => {
        if (location.pathname === path) scrolled = scrollY;
      };
      addEventListener("scroll", follow, { passive: true });
      return () => {
        removeEventListener("scroll", follow);
        this.#looking?.abort();
        left = { ...held(), scrolled, changes: known };
      };
    });
  }

  /** How many incidents wait to be shown. */
  get fresh(): number {
    return this.#waiting?.fresh.length ?? 0;
  }

  get total(): number | undefined {
    return this.facets.answer?.facets.total;
  }

  /** Show what waits. */
  show(): void {
    if (!this.#waiting) return;
    seen.mark(this.#waiting.fresh, false);
    this.list.put(this.#waiting.held);
    this.#waiting = undefined;
  }

  /** Ask what is new; the list stays as it is. */
  async #look(): Promise<void> {
    this.#looking?.abort();
    const own = (this.#looking = new AbortController());
    const said = this.list.said;
    const limit = Math.min(MOST, Math.max(FIRST, this.list.rows.length));
    const asked = filters({ order: order(), limit });
    const page = await get<Page<Incident>>("/incidents", asked, own.signal).catch(() => undefined);
    if (!page || own.signal.aborted || said !== this.list.said) return;
    const held = new Set(this.list.rows.map((incident) => incident.incident_id));
    const fresh = page.items.filter((incident) => !held.has(incident.incident_id));
    this.#waiting = { held: { said, rows: page.items, next: page.next, as_of: page.as_of }, fresh };
    // What is shown already may have got another report or a review: told in its place.
    const renewed = new Map(page.items.map((incident) => [incident.incident_id, incident]));
    this.list.rows = this.list.rows.map((incident) => renewed.get(incident.incident_id) ?? incident);
    if (!held.size) this.show();
  }
}

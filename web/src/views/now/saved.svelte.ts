/** Questions that somebody keeps in this browser, by name, each with how many incidents it had when last looked at. */

import { get } from "../../api/client";
import type { Facets } from "../../api/shapes";
import { FILTERS } from "../../filters";
import { here } from "../../router.svelte";

export interface Saved {
  name: string;
  /** What the address says of filters and order, always in one order of names. */
  query: string;
  /** Incidents when it was last looked at. */
  total: number | null;
  looked_at: string | null;
}

const KEY = "dragoman-saved";
const MOST = 40;
const PAUSE_MS = 100;

/** The question of the address, without the state of knowledge. */
export function question(): string {
  const query = new URLSearchParams();
  for (const name of FILTERS)
    for (const value of here.values(name).toSorted()) if (value) query.append(name, value);
  const order = here.value("order");
  if (order && order !== "newest") query.set("order", order);
  return query.toString();
}

/** What a saved search sets in the address. */
export function queryOf(saved: Saved): Record<string, string[]> {
  const query = new URLSearchParams(saved.query);
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)]));
}

function isSaved(one: unknown): one is Saved {
  const { name, query } = (one ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof query === "string";
}

class SavedSearches {
  all = $state.raw<readonly Saved[]>([]);
  /** Incidents that each has now, by its query, as far as they were asked for. */
  totals = $state.raw<Readonly<Record<string, number>>>({});

  constructor() {
    this.#load();
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#load();
    });
  }

  /** How many incidents it has more than when it was last looked at; 0 while not known. */
  fresh(saved: Saved): number {
    const now = this.totals[saved.query];
    return now === undefined || saved.total === null ? 0 : Math.max(0, now - saved.total);
  }

  save(name: string, query: string, total: number | null): void {
    const looked_at = new Date().toISOString();
    const others = this.all.filter((saved) => saved.name !== name);
    this.#keep([...others, { name, query, total, looked_at }].slice(-MOST));
  }

  rename(old: string, name: string): void {
    if (!name || name === old) return;
    this.#keep(
      this.all
        .filter((saved) => saved.name !== name)
        .map((saved) => (saved.name === old ? { ...saved, name } : saved)),
    );
  }

  delete(name: string): void {
    this.#keep(this.all.filter((saved) => saved.name !== name));
  }

  /** The list of a question was looked at when it had so many. */
  looked(query: string, total: number): void {
    this.totals = { ...this.totals, [query]: total };
    if (!this.all.some((saved) => saved.query === query && saved.total !== total)) return;
    const looked_at = new Date().toISOString();
    this.#keep(this.all.map((saved) => (saved.query === query ? { ...saved, total, looked_at } : saved)));
  }

  /** Ask for how many each has now, one after the other, so that the view's own questions come first. */
  async count(signal: AbortSignal): Promise<void> {
    for (const query of new Set(this.all.map((saved) => saved.query))) {
      if (signal.aborted) return;
      const asked = new URLSearchParams(query);
      asked.delete("order");
      const answer = await get<{ facets: Facets }>("/incidents/facets", asked, signal).catch(() => undefined);
      // The server lets each client ask so many times a second.
      await new Promise((done) => setTimeout(done, PAUSE_MS));
      if (answer) this.totals = { ...this.totals, [query]: answer.facets.total };
    }
  }

  #keep(all: readonly Saved[]): void {
    this.all = all;
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
    } catch {
      // No room or not allowed: the list lasts as long as the page.
    }
  }

  #load(): void {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      this.all = Array.isArray(kept) ? kept.filter(isSaved).slice(-MOST) : [];
    } catch {
      this.all = [];
    }
  }
}

export const savedSearches = new SavedSearches();

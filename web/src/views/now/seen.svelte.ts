/**
 * Which incidents somebody has read in this browser.
 *
 * Kept in localStorage: a day up to which all is read, the first eight letters of ids read since (32 bits; of 100,000 unread ones
 * about one in a million is taken for read), and ids that came in late, with an earlier day, and are not read yet.
 */

import type { Incident } from "../../api/shapes";

const KEY = "dragoman-seen";
const LETTERS = 8;
/** The oldest marks are forgotten past this: 160 kB. */
const MOST = 20_000;

const short = (id: string): string => id.slice(0, LETTERS);
const joined = (ids: Set<string>): string => [...ids].slice(-MOST).join("");
const parted = (words: unknown): Set<string> =>
  new Set(typeof words === "string" ? (words.match(/[0-9a-f]{8}/g) ?? []) : []);

class Seen {
  #until = "";
  #read = new Set<string>();
  #late = new Set<string>();
  /** Goes up with each change, so that what asks is asked again. */
  #changes = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#load();
    // Another tab marked something.
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#load();
    });
    addEventListener("pagehide", () => this.#save());
  }

  isRead(incident: Incident): boolean {
    void this.#changes;
    const id = short(incident.incident_id);
    if (this.#read.has(id)) return true;
    return !this.#late.has(id) && Boolean(incident.last_seen && incident.last_seen < this.#until);
  }

  mark(incidents: readonly Incident[], read: boolean): void {
    for (const { incident_id } of incidents) {
      const id = short(incident_id);
      this.#read.delete(id);
      this.#late.delete(id);
      if (read) this.#read.add(id);
      else this.#late.add(id);
    }
    this.#changed();
  }

  /**
   * All that is in the store is read.
   *
   * @param newest Those that were reported on last, newest first: those of the last day are known by their ids.
   * @param today The last day that may count as one of news: a report with a wrong date of years ahead must not hide what comes.
   */
  markAll(newest: readonly Incident[], today: string): void {
    const days = newest.map((incident) => incident.last_seen ?? "").filter((day) => day && day <= today);
    this.#until = days.reduce((last, day) => (day > last ? day : last), this.#until);
    this.#late.clear();
    this.mark(
      newest.filter((incident) => !incident.last_seen || incident.last_seen >= this.#until),
      true,
    );
  }

  #changed(): void {
    this.#changes += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), 300);
  }

  #save(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const kept = { until: this.#until, read: joined(this.#read), late: joined(this.#late) };
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // No room or not allowed: the marks last as long as the page.
    }
  }

  #load(): void {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      const { until, read, late } = kept as Record<string, unknown>;
      this.#until = typeof until === "string" ? until : "";
      this.#read = parted(read);
      this.#late = parted(late);
    } catch {
      // Not written by these pages: begin anew.
    }
    this.#changes += 1;
  }
}

export const seen = new Seen();

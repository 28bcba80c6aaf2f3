/** What a reviewer does to the article's events: accept, correct, reject, bring back, add. One thing at a time. */

import { get, post, Problem } from "../../api/client";
import { signed } from "../../api/session.svelte";
import type { Event, Page } from "../../api/shapes";
import { here } from "../../router.svelte";
import { additionOf, correctionOf, draftOf, fieldOf, type Draft, type Field } from "./draft";
import { inWords } from "./meanings";
import type { Reading } from "./reading.svelte";

export interface Said {
  review_id: string;
  event_id: string;
  verdict: "accepted" | "corrected" | "rejected" | "added";
  correction: Record<string, unknown> | null;
  reviewer: string | null;
  recorded_at: string;
}
interface Reviewed {
  event: Event | null;
  incidents: string[];
}

/** The moment just before a time of recording: as_of it, the store was as it had been. */
export function justBefore(iso: string): string {
  const [to_second = "", fraction = ""] = iso.replace(/Z$/, "").split(".");
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6)) - 1;
  if (micros >= 0) return `${to_second}.${String(micros).padStart(6, "0")}`;
  const before = new Date(Date.parse(`${to_second}Z`) - 1000).toISOString().slice(0, 19);
  return `${before}.999999`;
}

export class Reviewing {
  /** The event as the person would have it; undefined when no form is open. */
  draft = $state<Draft>();
  /** The event that the form corrects; undefined when it adds one. */
  corrects = $state.raw<Event>();
  busy = $state(false);
  fault = $state.raw<{ field: Field | "form"; message: string }>();
  /** What was last done, for the live region. */
  told = $state("");
  /** The event that it was done to. */
  toldOf = $state("");
  /** What was said of the article's events, the newest first. */
  said = $state.raw<Said[]>([]);

  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Whether this state of the article may be reviewed by who sits before it. */
  get may(): boolean {
    return signed.mayReview && !here.value("as_of") && this.#reading.article !== undefined;
  }

  saidOf(event_id: string): Said[] {
    return this.said.filter((s) => s.event_id === event_id);
  }

  openCorrection(event: Event): void {
    this.corrects = event;
    this.draft = draftOf(event);
    this.fault = undefined;
  }

  openAddition(): void {
    this.corrects = undefined;
    this.draft = draftOf(null);
    this.fault = undefined;
  }

  close(): void {
    this.draft = undefined;
    this.corrects = undefined;
    this.fault = undefined;
  }

  async accept(event: Event): Promise<void> {
    const done = await this.#send(`/events/${event.event_id}/reviews`, {
      verdict: "accepted",
      correction: null,
    });
    if (!done) return;
    if (done.event) this.#reading.put(done.event);
    this.#reading.rejected = this.#reading.rejected.filter((e) => e.event_id !== event.event_id);
    this.#tell(event.event_id, `Accepted. ${inWords(done.event ?? event)}`);
  }

  async reject(event: Event): Promise<void> {
    const done = await this.#send(`/events/${event.event_id}/reviews`, {
      verdict: "rejected",
      correction: null,
    });
    if (!done) return;
    const others = this.#reading.rejected.filter((e) => e.event_id !== event.event_id);
    this.#reading.rejected = [...others, event];
    this.#reading.take(event.event_id);
    this.#tell(event.event_id, `Rejected. ${inWords(event)}. Accept it to bring it back.`);
  }

  /** Send what the form holds; true when the server took it. */
  async save(): Promise<boolean> {
    const draft = $state.snapshot(this.draft) as Draft | undefined;
    if (!draft) return false;
    const wrong = this.#check(draft);
    if (wrong) {
      this.fault = wrong;
      return false;
    }
    const old = this.corrects;
    const done = old
      ? await this.#send(
          `/events/${old.event_id}/reviews`,
          { verdict: "corrected", correction: correctionOf(old, draft) },
          draft,
        )
      : await this.#send(`/articles/${this.#reading.article!.article_id}/events`, additionOf(draft), draft);
    if (!done?.event) return false;
    this.#reading.put(done.event);
    this.close();
    this.#reading.choose(done.event.event_id);
    this.#tell(done.event.event_id, `${old ? "Corrected" : "Added"}. It now reads: ${inWords(done.event)}`);
    return true;
  }

  /** Ask what was said of this article, and what rejected events were. */
  async loadSaid(article_id: string, signal: AbortSignal): Promise<void> {
    const page = await get<Page<Said>>("/reviews", { article_id, limit: 500 }, signal).catch(() => undefined);
    if (!page || signal.aborted) return;
    this.said = page.items;
    const newest = new Map(page.items.map((s) => [s.event_id, s] as const).reverse());
    const held = new Map(this.#reading.rejected.map((e) => [e.event_id, e]));
    const gone = [...newest.values()].filter((s) => s.verdict === "rejected").slice(0, 50);
    const events = await Promise.all(
      gone.map(
        async (s) =>
          held.get(s.event_id) ??
          (await get<{ event: Event }>(`/events/${s.event_id}`, { as_of: justBefore(s.recorded_at) }, signal)
            .then((a) => a.event)
            .catch(() => undefined)),
      ),
    );
    if (!signal.aborted) this.#reading.rejected = events.filter((e) => e !== undefined);
  }

  #tell(event_id: string, words: string): void {
    this.told = words;
    this.toldOf = event_id;
  }

  #check(draft: Draft): { field: Field | "form"; message: string } | undefined {
    if (!draft.event_type) return { field: "event_type", message: "Choose what happened." };
    if (!draft.trigger) return { field: "trigger", message: "Pick the words that say it." };
    if (this.corrects && !Object.keys(correctionOf(this.corrects, draft)).length)
      return { field: "form", message: "Nothing is changed yet. To confirm the event as it is, accept it." };
    return undefined;
  }

  async #send(path: string, body: unknown, draft?: Draft): Promise<Reviewed | undefined> {
    this.busy = true;
    this.fault = undefined;
    this.told = "";
    try {
      const done = await post<Reviewed>(path, body, signed.csrf);
      this.#reading.asked.again();
      return done;
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, "failed", String(error));
      if (problem.status === 401 || problem.code === "csrf") {
        await signed.load().catch(() => undefined);
        if (!signed.mayReview) signed.asking = true;
      }
      this.fault = { field: draft ? fieldOf(problem.message, draft) : "form", message: problem.message };
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}

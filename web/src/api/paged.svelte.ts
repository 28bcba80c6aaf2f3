/** A list that is asked for page by page: further pages are added to those that are there, and tell of the same state of the store. */

import { untrack } from "svelte";
import { get, Problem } from "./client";
import type { Page } from "./shapes";

interface Question {
  path: string;
  asked: URLSearchParams;
}

/** What is held of a list, so that it can be shown again without asking. */
export interface Held<T> {
  said: string;
  rows: T[];
  next: string | null;
  as_of: string | null;
}

export class Paged<T> {
  rows = $state.raw<T[]>([]);
  next = $state.raw<string | null>(null);
  as_of = $state.raw<string | null>(null);
  problem = $state.raw<Problem | undefined>(undefined);
  busy = $state(false);
  /** True while the next page is asked for. */
  busyMore = $state(false);
  /** The question that the rows answer; "" before the first answer. */
  said = $state.raw("");

  #ask: () => Question | null;
  #abort: AbortController | undefined;
  #again = $state(0);

  /**
   * Make it while a component starts: it asks within an effect, and anew whenever the question changes.
   *
   * @param ask What to ask, with its limit; null for nothing now.
   * @param held Rows to begin with when they answer the same question.
   */
  constructor(ask: () => Question | null, held?: Held<T>) {
    this.#ask = ask;
    const first = ask();
    if (held && first && held.said === said(first)) this.put(held);
    // The address changes for other reasons as well: only another question is asked anew.
    const asks = $derived.by(() => {
      const wanted = ask();
      return wanted ? said(wanted) : "";
    });
    $effect(() => {
      void asks;
      const wanted = untrack(ask);
      const again = this.#again;
      if (!wanted) {
        this.put({ said: "", rows: [], next: null, as_of: null });
        this.problem = undefined;
        return;
      }
      if (!again && held?.said === said(wanted)) {
        held = undefined;
        return;
      }
      held = undefined;
      void this.#first(wanted);
      return () => this.#abort?.abort();
    });
  }

  /** Undefined before the first answer; State shows something else until then. */
  get answer(): T[] | undefined {
    return this.said ? this.rows : undefined;
  }

  /** Ask for the first page once more. */
  again(): void {
    this.#again += 1;
  }

  /** Show these rows instead. */
  put(held: Held<T>): void {
    this.rows = held.rows;
    this.next = held.next;
    this.as_of = held.as_of;
    this.said = held.said;
  }

  /** Add the next page. */
  async more(): Promise<void> {
    const wanted = this.#ask();
    if (!wanted || !this.next || this.busyMore) return;
    const asked = new URLSearchParams(wanted.asked);
    asked.set("page", this.next);
    this.busyMore = true;
    try {
      const mine = this.said;
      const page = await get<Page<T>>(wanted.path, asked);
      if (mine !== this.said) return;
      this.rows = [...this.rows, ...page.items];
      this.next = page.next;
      this.problem = undefined;
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busyMore = false;
    }
  }

  async #first(wanted: Question): Promise<void> {
    const own = (this.#abort = new AbortController());
    this.busy = true;
    try {
      const page = await get<Page<T>>(wanted.path, wanted.asked, own.signal);
      if (own.signal.aborted) return;
      this.put({ said: said(wanted), rows: page.items, next: page.next, as_of: page.as_of });
      this.problem = undefined;
    } catch (error) {
      if (own.signal.aborted) return;
      // Rows of another question must not stand under this one's filters.
      this.put({ said: "", rows: [], next: null, as_of: null });
      this.problem = problemOf(error);
    } finally {
      if (this.#abort === own) this.busy = false;
    }
  }
}

const said = (question: Question): string => `${question.path}?${question.asked}`;

const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, "failed", String(error));

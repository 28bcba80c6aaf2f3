/** A question that follows the state of a view: asked again when it changes, the old answer shown until the new one is there. */

import { untrack } from "svelte";
import { address, get, Problem, type Asked as Values } from "./client";
import { live } from "./live.svelte";

export class Asked<T> {
  /** The last answer; undefined before the first. */
  answer = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | undefined>(undefined);
  busy = $state(false);

  #abort: AbortController | undefined;
  #again = $state(0);

  /**
   * Make it while a component starts: it asks within an effect.
   *
   * @param ask What to ask; null for nothing now.
   * @param options followLive asks again when the store changes; wait_ms lets quick changes settle.
   */
  constructor(
    ask: () => { path: string; asked?: Values | URLSearchParams } | null,
    options: { followLive?: boolean; wait_ms?: number } = {},
  ) {
    let last = "";
    // As words, so that a change of the address that leaves the question as it is asks nothing.
    const question = $derived.by(() => {
      const wanted = ask();
      return wanted && address(wanted.path, wanted.asked);
    });
    $effect(() => {
      const said = question;
      void this.#again;
      if (options.followLive) void live.changes;
      const wanted = said === null ? null : untrack(ask);
      if (said === null || wanted === null) {
        this.answer = undefined;
        this.busy = false;
        return;
      }
      const waits = options.wait_ms && last && said !== last ? options.wait_ms : 0;
      last = said;
      this.busy = true;
      const timer = setTimeout(() => void this.#ask(wanted.path, wanted.asked), waits);
      return () => {
        clearTimeout(timer);
        this.#abort?.abort();
      };
    });
  }

  /** Ask the same once more. */
  again(): void {
    this.#again += 1;
  }

  async #ask(path: string, asked: Values | URLSearchParams = {}): Promise<void> {
    const own = (this.#abort = new AbortController());
    try {
      const answer = await get<T>(path, asked, own.signal);
      if (own.signal.aborted) return;
      this.answer = answer;
      this.problem = undefined;
    } catch (error) {
      if (own.signal.aborted) return;
      this.problem = error instanceof Problem ? error : new Problem(0, "failed", String(error));
    } finally {
      if (this.#abort === own) this.busy = false;
    }
  }
}

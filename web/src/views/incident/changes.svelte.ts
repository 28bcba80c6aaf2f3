/** Splitting and merging: what was last done here, so that the page it leads to can say so and offer to take it back. */

import { post, Problem } from "../../api/client";
import { signed } from "../../api/session.svelte";

export interface Change {
  kind: "split" | "merged";
  /** Incidents in which the events stand now. */
  ids: string[];
  /** Incidents that were changed. */
  of: string[];
  /** What takes it back. */
  back: { path: string; body: unknown };
}

class Changes {
  last = $state.raw<Change | undefined>(undefined);
  busy = $state(false);
  problem = $state.raw<Problem | undefined>(undefined);

  /** Whether the last change touches an incident. */
  isOf(incident_id: string): boolean {
    return Boolean(this.last && [...this.last.ids, ...this.last.of].includes(incident_id));
  }

  /** Take events out of an incident; return where its events stand now, undefined where that failed. */
  async split(incident_id: string, events: string[]): Promise<string[] | undefined> {
    const ids = await this.#send(`/incidents/${incident_id}/split`, { events });
    if (ids) {
      const back = { path: "/incidents/merge", body: { incidents: ids } };
      this.last = { kind: "split", ids, of: [incident_id], back };
    }
    return ids;
  }

  /** Make two incidents one; `events` are those of the second, by which it can be taken out again. */
  async merge(first: string, second: string, events: string[]): Promise<string[] | undefined> {
    const ids = await this.#send("/incidents/merge", { incidents: [first, second] });
    if (ids?.[0]) {
      const back = { path: `/incidents/${ids[0]}/split`, body: { events } };
      this.last = { kind: "merged", ids, of: [first, second], back };
    }
    return ids;
  }

  /** Take the last change back; return where the events stand then. */
  async takeBack(): Promise<string[] | undefined> {
    if (!this.last) return undefined;
    const ids = await this.#send(this.last.back.path, this.last.back.body);
    if (ids) this.last = undefined;
    return ids;
  }

  async #send(path: string, body: unknown): Promise<string[] | undefined> {
    this.busy = true;
    this.problem = undefined;
    try {
      return (await post<{ incidents: string[] }>(path, body, signed.csrf)).incidents;
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, "failed", String(error));
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}

export const changes = new Changes();

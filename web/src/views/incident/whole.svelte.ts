/** An incident with its reports: the server gives the first hundred sentences with it, and all of them in pages when they are wanted. */

import { untrack } from "svelte";
import { Asked } from "../../api/asked.svelte";
import { get, Problem } from "../../api/client";
import type { Event, Page, Sentence, WholeIncident } from "../../api/shapes";

interface Answer {
  as_of: string | null;
  incident: WholeIncident;
}
type Told = Sentence & { told: Event };

const PAGE = 500;

export class Whole {
  asked: Asked<Answer>;
  /** True while further reports are asked for. */
  busy = $state(false);
  problem = $state.raw<Problem | undefined>(undefined);

  #all = $state.raw<{ of: Answer; told: Told[] } | undefined>(undefined);
  #wanted = $state(false);

  /** Make it while a component starts: it asks within an effect. */
  constructor(question: () => { path: string; asked: { as_of: string } }) {
    this.asked = new Asked<Answer>(question, { followLive: true });
    $effect(() => {
      const { answer } = this.asked;
      if (!this.#wanted || !answer || !isShort(answer.incident)) return;
      const aborted = new AbortController();
      untrack(() => void this.#read(answer, aborted.signal));
      return () => aborted.abort();
    });
  }

  /** The incident with the reports that are here. */
  get incident(): WholeIncident | undefined {
    const answer = this.asked.answer;
    if (!answer || this.#all?.of.incident.incident_id !== answer.incident.incident_id)
      return answer?.incident;
    if (!isShort(answer.incident)) return answer.incident;
    const { told } = this.#all;
    return { ...answer.incident, evidence: told, told: told.map((one) => one.told) };
  }

  /** Whether there are reports that are not here yet. */
  get isShort(): boolean {
    return this.incident !== undefined && isShort(this.incident);
  }

  /** Ask for all reports, now and whenever the incident changes. */
  want(): void {
    this.#wanted = true;
  }

  async #read(of: Answer, signal: AbortSignal): Promise<void> {
    this.busy = true;
    const told: Told[] = [];
    try {
      for (let page: string | null = ""; page !== null;) {
        const asked = { limit: PAGE, page, as_of: of.as_of ?? "" };
        const path = `/incidents/${of.incident.incident_id}/reports`;
        const found: Page<Told> = await get<Page<Told>>(path, asked, signal);
        told.push(...found.items);
        page = found.next;
      }
      this.#all = { of, told };
      this.problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Problem ? error : new Problem(0, "failed", String(error));
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }
}

const isShort = (incident: WholeIncident): boolean => incident.told.length < incident.events.length;

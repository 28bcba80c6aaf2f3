/** What the reader shows: the article, its events, the chosen one. The address holds the choice, so it can be shared. */

import { Asked } from "../../api/asked.svelte";
import type { Article, Event, Quad } from "../../api/shapes";
import { here, to } from "../../router.svelte";
import { blocksOf, partsOf, type Line } from "./blocks";
import { Letters } from "./codepoints";
import type { Trigger } from "./pieces";

interface Answer {
  as_of: string | null;
  article: Article;
  events: Event[];
}

export class Reading {
  readonly asked: Asked<Answer>;
  /** Events that a person rejected, as they were last. */
  rejected = $state.raw<Event[]>([]);

  readonly article = $derived.by(() => this.asked.answer?.article);
  readonly text = $derived(this.article?.text ?? "");
  readonly letters = $derived(new Letters(this.text));
  readonly parts = $derived(this.article ? partsOf(blocksOf(this.article, this.letters)) : []);
  readonly lines = $derived(this.parts.flatMap((p) => p.blocks.flatMap((b) => b.lines)));

  // Strings, because an array would be another one with each step, and all that rests on it computed anew.
  readonly #quads = $derived(here.values("quad").join(","));
  readonly #base = $derived(to(here.path, { quad: here.values("quad") }));
  /** Events that stand, in the order of the text. */
  readonly events = $derived.by(() => this.asked.answer?.events ?? []);
  readonly shown = $derived(
    this.#quads
      ? this.events.filter((e) => this.#quads.split(",").includes(String(e.quad_class)))
      : this.events,
  );
  readonly numbers = $derived(new Map(this.events.map((e, i) => [e.event_id, i + 1])));
  /** Rejected events that do not stand. */
  readonly gone = $derived(this.rejected.filter((r) => !this.numbers.has(r.event_id)));
  /** Events that stand and rejected ones, as the list shows them. */
  readonly rows = $derived(
    this.rejected.length
      ? [...this.shown, ...this.gone].sort(
          (a, b) => a.quote.start - b.quote.start || a.trigger.start - b.trigger.start,
        )
      : this.shown,
  );

  readonly wanted = $derived(here.value("event"));
  /** The chosen event; a beginning of its id is enough. */
  readonly chosen = $derived(
    this.wanted ? [...this.events, ...this.gone].find((e) => e.event_id.startsWith(this.wanted)) : undefined,
  );
  readonly chosenIsGone = $derived(this.chosen !== undefined && !this.numbers.has(this.chosen.event_id));

  readonly #byLine = $derived(this.#triggersByLine());

  constructor(id: () => string) {
    this.asked = new Asked<Answer>(
      () => ({ path: `/articles/${encodeURIComponent(id())}`, asked: { as_of: here.value("as_of") } }),
      { followLive: true },
    );
  }

  /** How many events there are of each quad class. */
  count(quad: Quad): number {
    return this.events.filter((e) => e.quad_class === quad).length;
  }

  triggersIn(line: Line): readonly Trigger[] {
    return this.#byLine.get(line.start) ?? [];
  }

  /** The address of this article with an event chosen. */
  linkTo(event_id: string): string {
    return `${this.#base}${this.#base.includes("?") ? "&" : "?"}event=${event_id}`;
  }

  choose(event_id: string | null): void {
    if (event_id !== this.wanted) here.set({ event: event_id }, { replace: true });
  }

  /** Go to the next event of the list, or the one before; stops at the ends. */
  step(by: 1 | -1): void {
    const rows = this.rows;
    if (!rows.length) return;
    const at = rows.findIndex((e) => e.event_id === this.chosen?.event_id);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by));
    this.choose(rows[next]!.event_id);
  }

  /** The event at a trigger that was clicked; a second click on words of two events goes to the other. */
  pick(events: readonly Event[]): void {
    const at = events.findIndex((e) => e.event_id === this.chosen?.event_id);
    this.choose(events[(at + 1) % events.length]!.event_id);
  }

  /** Put an event in that the server just gave, before the whole article is asked for again. */
  put(event: Event): void {
    const answer = this.asked.answer;
    if (!answer) return;
    const others = answer.events.filter((e) => e.event_id !== event.event_id);
    const events = [...others, event].sort(
      (a, b) => a.quote.start - b.quote.start || a.trigger.start - b.trigger.start,
    );
    this.asked.answer = { ...answer, events };
  }

  take(event_id: string): void {
    const answer = this.asked.answer;
    if (answer)
      this.asked.answer = { ...answer, events: answer.events.filter((e) => e.event_id !== event_id) };
  }

  #triggersByLine(): Map<number, Trigger[]> {
    const found = new Map<number, Trigger[]>();
    const triggers: Trigger[] = [...this.shown, ...this.gone]
      .map((event) => ({ start: event.trigger.start, end: event.trigger.end, event }))
      .sort((a, b) => a.start - b.start);
    let at = 0;
    for (const line of this.lines) {
      while (at < triggers.length && triggers[at]!.end <= line.start) at++;
      const own: Trigger[] = [];
      for (let i = at; i < triggers.length && triggers[i]!.start < line.end; i++)
        if (triggers[i]!.end > line.start) own.push(triggers[i]!);
      if (own.length) found.set(line.start, own);
    }
    return found;
  }
}

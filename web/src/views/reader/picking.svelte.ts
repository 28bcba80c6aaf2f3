/** Picking words of the article for a field: by selecting them, by keys, or by the numbers of the words. */

import type { Event } from "../../api/shapes";
import { whoFrom, type Draft, type Side } from "./draft";
import type { Mark } from "./pieces";
import type { Reading } from "./reading.svelte";
import type { Reviewing } from "./reviewing.svelte";
import { sentencesOf, wordsOf } from "./wordings";

export interface Target {
  field: "trigger" | Side;
  /** Which side of the list; its length for a new one. */
  index: number;
}

export class Picking {
  target = $state.raw<Target>();
  wrong = $state("");
  #sentence = $state.raw<Mark>({ start: 0, end: 0 });
  #anchor = $state(0);
  #focus = $state(0);

  readonly words = $derived.by(() =>
    this.target ? wordsOf(this.#reading.letters, this.#sentence.start, this.#sentence.end) : [],
  );
  readonly first = $derived(Math.min(this.#anchor, this.#focus));
  readonly last = $derived(Math.max(this.#anchor, this.#focus));
  /** What is picked so far. */
  readonly mark = $derived.by((): Mark | null => {
    const [from, until] = [this.words[this.first], this.words[this.last]];
    return this.target && from && until ? { start: from.start, end: until.end } : null;
  });
  readonly text = $derived.by(() =>
    this.mark ? this.#reading.letters.slice(this.mark.start, this.mark.end) : "",
  );

  readonly #reading: Reading;
  readonly #reviewing: Reviewing;

  constructor(reading: Reading, reviewing: Reviewing) {
    this.#reading = reading;
    this.#reviewing = reviewing;
  }

  /** The sentence that words must lie in; null where any will do. */
  get within(): Mark | null {
    const corrects: Event | undefined = this.#reviewing.corrects;
    if (corrects) return corrects.quote;
    return this.target?.field === "trigger" ? null : this.#sentenceOfTrigger();
  }

  start(target: Target): void {
    this.target = target;
    this.wrong = "";
    this.#reviewing.fault = undefined;
    const draft = this.#reviewing.draft;
    const own = draft && (target.field === "trigger" ? draft.trigger : draft[target.field][target.index]);
    const sentence = this.within ?? (own && this.#sentenceAt(own.start)) ?? this.#firstSentence();
    if (!sentence) return this.stop();
    this.#sentence = { start: sentence.start, end: sentence.end };
    if (own) this.#show(own);
    else this.#anchor = this.#focus = 0;
  }

  stop(): void {
    if (this.target) this.#reviewing.fault = undefined;
    this.target = undefined;
    this.wrong = "";
  }

  /** Hold words that were selected; false when they lie outside the sentence. */
  hold(mark: Mark): boolean {
    const within = this.within;
    if (within && (mark.start < within.start || mark.end > within.end)) {
      this.wrong = "These words are not in the sentence of this event.";
      return false;
    }
    this.wrong = "";
    const sentence = within ?? this.#sentenceAt(mark.start);
    if (!sentence) return false;
    this.#sentence = { start: sentence.start, end: Math.max(sentence.end, mark.end) };
    this.#show(mark);
    return true;
  }

  /** Put the words into the field. */
  take(): void {
    const { target, mark } = this;
    const draft: Draft | undefined = this.#reviewing.draft;
    if (!target || !mark || !draft) return;
    const letters = this.#reading.letters;
    if (target.field === "trigger") draft.trigger = { ...mark, text: letters.slice(mark.start, mark.end) };
    else {
      const own = whoFrom(letters, mark, this.#reading.events);
      const old = draft[target.field][target.index];
      draft[target.field][target.index] = old ? { ...old, ...mark, text: own.text } : own;
    }
    this.stop();
  }

  /** Move by words; `grow` keeps the other end where it is. */
  move(by: number, grow: boolean): void {
    const most = this.words.length - 1;
    this.#focus = Math.max(0, Math.min(most, this.#focus + by));
    if (!grow) this.#anchor = this.#focus;
  }

  /** Hold the words by their numbers, counted from 1. */
  number(first: number, last: number): void {
    const most = this.words.length - 1;
    const bound = (n: number) => Math.max(0, Math.min(most, (Number.isFinite(n) ? n : 1) - 1));
    this.#anchor = bound(first);
    this.#focus = Math.max(bound(last), this.#anchor);
  }

  /** Go to the next or previous sentence, where any sentence will do. */
  moveSentence(by: 1 | -1): void {
    if (this.within) return;
    const lines = this.#reading.lines;
    const line = lines.findIndex((l) => l.start <= this.#sentence.start && this.#sentence.start < l.end);
    for (let at = line; at >= 0 && at < lines.length; at += by) {
      const all = sentencesOf(this.#reading.letters, lines[at]!, this.#reading.events);
      const next =
        by > 0
          ? all.find((s) => s.start > this.#sentence.start)
          : all.findLast((s) => s.start < this.#sentence.start);
      if (!next) continue;
      this.#sentence = next;
      this.#anchor = this.#focus = 0;
      return;
    }
  }

  #show(mark: Mark): void {
    const words = wordsOf(this.#reading.letters, this.#sentence.start, this.#sentence.end);
    const first = words.findIndex((w) => w.end > mark.start);
    const last = words.findLastIndex((w) => w.start < mark.end);
    this.#anchor = Math.max(0, first);
    this.#focus = Math.max(this.#anchor, last);
  }

  #sentenceAt(character: number): Mark | undefined {
    const line = this.#reading.lines.find((l) => l.start <= character && character < l.end);
    if (!line) return undefined;
    const all = sentencesOf(this.#reading.letters, line, this.#reading.events);
    return all.find((s) => s.start <= character && character < s.end) ?? all[0];
  }

  #sentenceOfTrigger(): Mark | null {
    const trigger = this.#reviewing.draft?.trigger;
    return (trigger && this.#sentenceAt(trigger.start)) ?? null;
  }

  #firstSentence(): Mark | undefined {
    const chosen = this.#reading.chosen;
    if (chosen) return chosen.quote;
    const line = this.#reading.lines[0];
    return line && this.#sentenceAt(line.start);
  }
}

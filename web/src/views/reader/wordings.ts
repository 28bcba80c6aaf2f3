/** Sentences and words as places in a text, for choosing them by keys; the server decides what a sentence is. */

import type { Event } from "../../api/shapes";
import type { Line } from "./blocks";
import type { Letters } from "./codepoints";
import type { Mark } from "./pieces";

const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
const IN_WORD = /[\p{L}\p{N}\p{M}_]/u;

/** The words from one character to another. */
export function wordsOf(letters: Letters, start: number, end: number): Mark[] {
  const from = letters.toUnit(start);
  return [...letters.slice(start, end).matchAll(WORD)].map((found) => ({
    start: letters.toCharacter(from + found.index),
    end: letters.toCharacter(from + found.index + found[0].length),
  }));
}

/** A stretch grown to whole words and without white space at its ends; null where no words are left. */
export function snapped(letters: Letters, start: number, end: number): Mark | null {
  const at = (n: number) => letters.slice(n, n + 1);
  while (start < end && /\s/.test(at(start))) start++;
  while (end > start && /\s/.test(at(end - 1))) end--;
  if (start >= end) return null;
  const inWord = (n: number) => n >= 0 && n < letters.length && IN_WORD.test(at(n));
  while (inWord(start) && inWord(start - 1)) start--;
  while (inWord(end - 1) && inWord(end)) end++;
  return { start, end };
}

const SENTENCES = "Segmenter" in Intl ? new Intl.Segmenter("en", { granularity: "sentence" }) : undefined;

/** The sentences of a line: those that events rest on as they are, the rest as the language's rules cut it. */
export function sentencesOf(letters: Letters, line: Line, events: readonly Event[]): Mark[] {
  const known = events.map((e) => e.quote).filter((q) => q.start >= line.start && q.end <= line.end);
  const from = letters.toUnit(line.start);
  const text = letters.slice(line.start, line.end);
  const cut: Mark[] = SENTENCES
    ? [...SENTENCES.segment(text)].flatMap((s) => {
        const own = snapped(
          letters,
          letters.toCharacter(from + s.index),
          letters.toCharacter(from + s.index + s.segment.length),
        );
        return own ? [own] : [];
      })
    : [line];
  const all = new Map<number, Mark>();
  for (const one of [...cut.filter((c) => !known.some((k) => k.start < c.end && c.start < k.end)), ...known])
    all.set(one.start, { start: one.start, end: one.end });
  return [...all.values()].sort((a, b) => a.start - b.start);
}

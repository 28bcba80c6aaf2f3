/** The shape of an article: its sections in the order of the text, and what is folded because it is not coded. */

import type { Article } from "../../api/shapes";
import type { Letters } from "./codepoints";

export type Kind = "title" | "standfirst" | "caption" | "subheading" | "body" | "teaser" | "copy" | "outside";

/** A line of the text that holds words. */
export interface Line {
  start: number;
  end: number;
}
export interface Block {
  kind: Kind;
  lines: Line[];
}
/** Blocks shown as they stand, or folded with a word of why. */
export interface Part {
  key: number;
  blocks: Block[];
  why: string;
}

const FOLDED: Partial<Record<Kind, [string, string]>> = {
  teaser: ["teaser for another story", "teasers for other stories"],
  copy: ["repeated line", "repeated lines"],
  outside: ["line outside the story, such as a menu", "lines outside the story, such as menus"],
};

/** What a section is called above it; the body needs no word. */
export const NAMES: Partial<Record<Kind, string>> = {
  title: "Title",
  standfirst: "Standfirst",
  caption: "Caption",
  teaser: "Teaser for another story: not coded",
  copy: "Repeated: coded where it first stands",
  outside: "Outside the story: not coded",
};

/** Lines with words from one character to another; line breaks are the text's own. */
export function linesOf(letters: Letters, start: number, end: number): Line[] {
  const text = letters.slice(start, end);
  const lines: Line[] = [];
  let at = start; // in characters
  for (const line of text.split("\n")) {
    const long = /[\ud800-\udbff]/.test(line) ? Array.from(line).length : line.length;
    if (/\S/.test(line)) lines.push({ start: at, end: at + long });
    at += long + 1;
  }
  return lines;
}

/** The blocks of an article: every line with words is in exactly one. */
export function blocksOf(article: Article, letters: Letters): Block[] {
  const sections = [...(article.sections ?? [])].sort((a, b) => a.start - b.start);
  if (!sections.length) return [{ kind: "body", lines: linesOf(letters, 0, letters.length) }];
  const copies = sections.flatMap((s) => (s.copies as Line[] | null | undefined) ?? []);
  const blocks: Block[] = [];
  let at = 0;
  const between = (end: number): void => {
    for (const line of linesOf(letters, at, end)) {
      const repeats = copies.some((c) => c.start < line.end && line.start < c.end);
      blocks.push({ kind: repeats ? "copy" : "outside", lines: [line] });
    }
  };
  for (const section of sections) {
    if (section.start < at) continue;
    between(section.start);
    blocks.push({ kind: section.kind as Kind, lines: linesOf(letters, section.start, section.end) });
    at = section.end;
  }
  between(letters.length);
  return blocks;
}

/** Neighbouring blocks that are not coded, put together under one fold. */
export function partsOf(blocks: readonly Block[]): Part[] {
  const parts: Part[] = [];
  for (const block of blocks) {
    const folds = block.kind in FOLDED;
    const last = parts.at(-1);
    if (last && Boolean(last.why) === folds) last.blocks.push(block);
    else parts.push({ key: block.lines[0]?.start ?? 0, blocks: [block], why: folds ? "folded" : "" });
  }
  for (const part of parts) if (part.why) part.why = why(part.blocks);
  return parts;
}

/** "5 teasers for other stories, 4 repeated lines: not coded" */
function why(blocks: readonly Block[]): string {
  const words = (["teaser", "copy", "outside"] as const).flatMap((kind) => {
    const n = blocks.filter((b) => b.kind === kind).length;
    const [one, many] = FOLDED[kind]!;
    return n ? [n === 1 ? `1 ${one}` : `${n} ${many}`] : [];
  });
  return `${words.join(", ")}: not coded`;
}

/** A sentence cut where the words that were searched for stand in it. */

import type { Span } from "../../api/shapes";

export interface Piece {
  text: string;
  marked: boolean;
}

/**
 * @param quote The sentence; its start is where it begins in the article.
 * @param marks Where words stand, in characters (code points) of the article, end exclusive.
 */
export function piecesOf(quote: Span, marks: readonly (readonly [number, number])[]): Piece[] {
  // Offsets count characters, not the UTF-16 units of this language.
  const letters = Array.from(quote.text);
  const pieces: Piece[] = [];
  const put = (from: number, until: number, marked: boolean): void => {
    if (until > from) pieces.push({ text: letters.slice(from, until).join(""), marked });
  };
  let done = 0;
  for (const [start, end] of marks.toSorted((a, b) => a[0] - b[0])) {
    // What lies outside or overlaps is clipped, so that no letter is shown twice or lost.
    const from = Math.min(letters.length, Math.max(done, start - quote.start));
    const until = Math.min(letters.length, end - quote.start);
    if (until <= from) continue;
    put(done, from, false);
    put(from, until, true);
    done = until;
  }
  put(done, letters.length, false);
  return pieces;
}

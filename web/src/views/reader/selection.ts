/** What a reader selected on the page, as characters of the article. Every piece of text carries `data-at`, its first character. */

import type { Letters } from "./codepoints";
import type { Mark } from "./pieces";
import { snapped } from "./wordings";

function characterAt(node: Node, offset: number, letters: Letters): number | null {
  const element = node instanceof Element ? node : node.parentElement;
  const piece = element?.closest<HTMLElement>("[data-at]");
  if (!piece) return null;
  const at = Number(piece.dataset.at);
  const before =
    node.nodeType === Node.TEXT_NODE ? offset : offset > 0 ? (piece.textContent ?? "").length : 0;
  return letters.toCharacter(letters.toUnit(at) + before);
}

/** One end of a range: a piece's own character, or where the next piece in the text begins. */
function place(root: Element, node: Node, offset: number, letters: Letters, forward: boolean): number | null {
  const own = characterAt(node, offset, letters);
  if (own !== null || !root.contains(node)) return own;
  // Between pieces, such as a whole paragraph taken by a triple click.
  const range = document.createRange();
  range.setStart(node, offset);
  const pieces = [...root.querySelectorAll<HTMLElement>("[data-at]")];
  if (forward) {
    const next = pieces.find((p) => range.comparePoint(p, 0) >= 0);
    return next ? Number(next.dataset.at) : null;
  }
  const last = pieces.findLast((p) => range.comparePoint(p, 0) < 0);
  return last
    ? letters.toCharacter(letters.toUnit(Number(last.dataset.at)) + (last.textContent ?? "").length)
    : null;
}

/** The whole words that are selected within `root`; a click without dragging takes the word under it when `single`. */
export function selectedWords(root: Element | undefined, letters: Letters, single = false): Mark | null {
  const selection = getSelection();
  if (!root || !selection?.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer)) return null;
  const start = place(root, range.startContainer, range.startOffset, letters, true);
  if (start === null) return null;
  if (range.collapsed) return single ? snapped(letters, start, start + 1) : null;
  const end = place(root, range.endContainer, range.endOffset, letters, false);
  return end === null ? null : snapped(letters, start, end);
}

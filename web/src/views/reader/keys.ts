/** Which key does what in an article. */

export type Deed =
  | "next" | "previous" | "open" | "back" | "accept" | "correct" | "reject" | "add"
  | "take" | "left" | "right" | "less" | "more" | "up" | "down"; // prettier-ignore

const READING: Record<string, Deed> = {
  j: "next",
  k: "previous",
  ArrowRight: "next",
  ArrowLeft: "previous",
  Enter: "open",
  Escape: "back",
  a: "accept",
  c: "correct",
  x: "reject",
  n: "add",
};
const PICKING: Record<string, Deed> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Enter: "take",
  Escape: "back",
};
const GROWING: Record<string, Deed> = {
  ArrowLeft: "less",
  ArrowRight: "more",
  Enter: "take",
  Escape: "back",
};

/** What a key asks for; undefined where it belongs to a field, a button or the browser. */
export function keyOf(event: KeyboardEvent, at: { picking: boolean; form: boolean }): Deed | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest("dialog")) return undefined;
  if (target.closest("input, select, textarea")) return event.key === "Escape" ? "back" : undefined;
  if (at.picking) return (event.shiftKey ? GROWING : PICKING)[event.key];
  if (event.shiftKey) return undefined;
  if (at.form) return event.key === "Escape" ? "back" : undefined;
  if (event.key === "Enter" && target.closest("a, button, summary")) return undefined;
  return READING[event.key];
}

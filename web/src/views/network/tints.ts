/** The colours of the theme for canvases, which take no CSS variables. */

export interface Tints {
  ground: string;
  ink: string;
  /** Text on a node. */
  onNode: string;
  node: string;
  edge: string;
  faint: string;
  even: string;
  cooperation: string;
  conflict: string;
  camps: string[];
  font: string;
}

/** Read the tokens of style/tokens.css as they are now. */
export function readTints(): Tints {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => long(style.getPropertyValue(name).trim());
  return {
    ground: token("--panel"),
    ink: token("--ink"),
    onNode: token("--panel"),
    node: token("--ink-2"),
    edge: token("--edge-strong"),
    faint: mixed(token("--edge-strong"), token("--panel"), 0.25),
    even: token("--edge-strong"),
    cooperation: token("--q2"),
    conflict: token("--q4"),
    camps: [1, 2, 3, 4, 5, 6].map((n) => token(`--camp-${n}`)),
    font: token("--sans"),
  };
}

/** "#fff" as "#ffffff": the bundle's style sheet shortens colours. */
const long = (value: string): string =>
  /^#[0-9a-f]{3}$/i.test(value) ? `#${[...value.slice(1)].map((digit) => digit + digit).join("")}` : value;

/** A colour over a ground, opaque: canvases of sigma blend half-transparent ones too brightly. Both are #rrggbb. */
export function mixed(colour: string, ground: string, share: number): string {
  const part = (hex: string, i: number): number => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  const sum = (i: number): number => Math.round(part(colour, i) * share + part(ground, i) * (1 - share));
  return `#${[0, 1, 2].map((i) => sum(i).toString(16).padStart(2, "0")).join("")}`;
}

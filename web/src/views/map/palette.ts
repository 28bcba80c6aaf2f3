/** The colours of the tokens as a canvas takes them, read anew when the theme turns. */

const NAMES = ["ground", "panel", "sunken", "ink", "ink-2", "ink-3", "edge", "edge-strong", "accent", "q1", "q2", "q3", "q4", "conflict", "cooperation"] as const; // prettier-ignore
export type Token = (typeof NAMES)[number];
export type Palette = Record<Token, string> & { sans: string };

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const brush = document.createElement("canvas").getContext("2d")!;
  const read = NAMES.map((name) => {
    brush.fillStyle = style.getPropertyValue(`--${name}`).trim();
    return [name, brush.fillStyle]; // a canvas gives a colour back as #rrggbb
  });
  return { ...Object.fromEntries(read), sans: style.getPropertyValue("--sans").trim() } as Palette;
}

const channels = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** So much of a colour over another one. */
export function mix(colour: string, over: string, share: number): string {
  const below = channels(over);
  const mixed = channels(colour).map((c, i) => Math.round(c * share + below[i]! * (1 - share)));
  return `rgb(${mixed.join(" ")})`;
}

export const faint = (colour: string, alpha: number): string =>
  `rgb(${channels(colour).join(" ")} / ${alpha})`;

/** Slanting lines in screen pixels; `alsoBack` crosses them. */
export function hatch(colour: string, dpr: number, every: number, alsoBack = false): CanvasPattern {
  const size = Math.round(every * dpr);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const pen = tile.getContext("2d")!;
  pen.strokeStyle = colour;
  pen.lineWidth = dpr * 1.1;
  for (const off of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(off, size);
    pen.lineTo(off + size, 0);
    if (alsoBack) {
      pen.moveTo(off, 0);
      pen.lineTo(off + size, size);
    }
    pen.stroke();
  }
  return pen.createPattern(tile, "repeat")!;
}

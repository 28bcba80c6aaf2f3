/** Draws what lies under the marks: land, shades of countries, borders, disputed areas, names. */

import type { Sight } from "./camera";
import { faint, hatch, mix, type Palette, type Token } from "./palette";
import type { Country, Dispute, World } from "./world";

/** Colour of a country; "few" where too little is known for one. */
export type Shading = Map<string, { token: string; share: number } | "few">;

export interface Ground {
  world: World;
  disputes: readonly Dispute[];
  shading: Shading | null;
  /** The country that the filters ask for, if any. */
  country: string;
  nameOf: (code: string) => string;
}
export interface Sheet {
  pen: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** Pixels of the device a pixel of the page. */
  dpr: number;
  sight: Sight;
  palette: Palette;
}

const colourOf = (palette: Palette, token: string): string => palette[token.slice(2) as Token];

/** Colour of the pen for a shade over the land. */
export const shadeColour = (palette: Palette, { token, share }: { token: string; share: number }): string =>
  mix(colourOf(palette, token), palette.panel, share);

export function drawGround(sheet: Sheet, ground: Ground): void {
  const { pen, width, height, dpr, sight, palette } = sheet;
  const { scale, x, y } = sight;
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.fillStyle = palette.sunken;
  pen.fillRect(0, 0, width, height);
  const box = [-x / scale, -y / scale, (width - x) / scale, (height - y) / scale] as const;
  const seen = ground.world.countries.filter(({ shape }) => shape.touches([...box]));
  const few = ground.shading ? crossed(sheet) : null;
  pen.setTransform(dpr * scale, 0, 0, dpr * scale, dpr * x, dpr * y);
  for (const { code, shape } of seen) {
    const shade = ground.shading?.get(code);
    const path = shape.path(scale);
    pen.fillStyle = shade && shade !== "few" ? shadeColour(palette, shade) : palette.panel;
    pen.fill(path);
    if (shade === "few" && few) {
      pen.fillStyle = few;
      pen.fill(path);
    }
  }
  pen.lineJoin = "round";
  pen.lineWidth = 0.7 / scale;
  pen.strokeStyle = mix(palette["edge-strong"], palette.edge, ground.shading ? 0.7 : 0.35);
  for (const { shape } of seen) pen.stroke(shape.path(scale));
  drawDisputes(sheet, ground.disputes);
  const chosen = seen.filter(({ code }) => code !== "" && code === ground.country);
  pen.lineWidth = 2 / scale;
  pen.strokeStyle = palette.ink;
  for (const { shape } of chosen) pen.stroke(shape.path(scale));
  drawNames(sheet, seen, ground);
}

/** A pattern in pixels of the screen for a pen whose units are those of the map. */
function inPixels(sheet: Sheet, pattern: CanvasPattern): CanvasPattern {
  const { scale, x, y } = sheet.sight;
  pattern.setTransform(
    new DOMMatrix([1 / (sheet.dpr * scale), 0, 0, 1 / (sheet.dpr * scale), -x / scale, -y / scale]),
  );
  return pattern;
}

const crossed = (sheet: Sheet): CanvasPattern =>
  inPixels(sheet, hatch(faint(sheet.palette["ink-3"], 0.45), sheet.dpr, 7, true));

function drawDisputes(sheet: Sheet, disputes: readonly Dispute[]): void {
  const { pen, sight, palette, dpr } = sheet;
  const lines = inPixels(sheet, hatch(faint(palette["ink-2"], 0.6), dpr, 5));
  pen.setLineDash([4 / sight.scale, 3 / sight.scale]);
  pen.lineWidth = 0.9 / sight.scale;
  pen.strokeStyle = palette["ink-3"];
  for (const { shape } of disputes) {
    const path = shape.path(sight.scale);
    pen.fillStyle = lines;
    pen.fill(path);
    pen.stroke(path);
  }
  pen.setLineDash([]);
}

const widths = new Map<string, number>();

/** Names of the countries that are broad enough on the screen to hold them. */
function drawNames(sheet: Sheet, seen: readonly Country[], { nameOf, shading }: Ground): void {
  const { pen, dpr, sight, palette } = sheet;
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.font = `500 11px ${palette.sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { code, shape } of seen) {
    const { middle, breadth } = shape;
    if (!code || breadth * sight.scale < 46) continue;
    const name = nameOf(code);
    let wide = widths.get(name);
    if (wide === undefined) widths.set(name, (wide = pen.measureText(name).width));
    if (breadth * sight.scale < wide + 14) continue;
    const shade = shading?.get(code);
    const isDark = shade !== undefined && shade !== "few" && shade.share > 0.5;
    pen.fillStyle = isDark ? palette.panel : palette[shading ? "ink-2" : "ink-3"];
    pen.fillText(name, middle[0] * sight.scale + sight.x, middle[1] * sight.scale + sight.y);
  }
}

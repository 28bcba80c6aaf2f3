/** Marks that the figures of this view share, and a plot without the style element that the pages' policy would refuse. */

import * as Plot from "@observablehq/plot";
import type { Quad } from "../../api/shapes";
import { after, utc, type Step } from "./periods";
import { isThin, type Period, type Relation } from "./relation";

export interface Domain {
  since: Date;
  until: Date;
}

/** Room left and right of every part, so that their times stand below each other. */
export const MARGIN = { left: 42, right: 20 } as const;
export const QUADS: readonly Quad[] = [1, 2, 3, 4];

/** What all parts of a figure share. */
export interface Frame {
  width: number;
  marginLeft: number;
  marginRight: number;
  x: Plot.ScaleOptions;
}

const SVG = "http://www.w3.org/2000/svg";
let drawn = 0;

/** A new id of a hatching; ids must differ between all figures of a page. */
export const hatchId = (): string => `thin-${++drawn}`;

/** A plot as an SVG element, with a hatching when one is named. */
export function plotOf(
  options: Plot.PlotOptions,
  hatch = "",
): { svg: SVGSVGElement; x: (at: Date) => number; y: (value: number) => number } {
  const plot = Plot.plot({ ...options, style: { fontSize: "12px", overflow: "visible" } });
  const svg = plot as unknown as SVGSVGElement;
  // Not in the page yet, so the policy has not seen it; page and file bring the two rules that matter themselves.
  svg.querySelectorAll("style").forEach((style) => style.remove());
  if (hatch) svg.prepend(hatching(hatch));
  const [x, y] = [plot.scale("x")!, plot.scale("y")!];
  return { svg, x: (at) => x.apply(at) as number, y: (value) => y.apply(value) as number };
}

function hatching(id: string): SVGElement {
  const defs = document.createElementNS(SVG, "defs");
  const pattern = document.createElementNS(SVG, "pattern");
  for (const [name, value] of Object.entries({
    id,
    width: "6",
    height: "6",
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  }))
    pattern.setAttribute(name, value);
  const ground = document.createElementNS(SVG, "rect");
  const line = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width: "6", height: "6", fill: "var(--sunken)" }))
    ground.setAttribute(name, value);
  for (const [name, value] of Object.entries({ width: "1.5", height: "6", fill: "var(--edge)" }))
    line.setAttribute(name, value);
  pattern.append(ground, line);
  defs.append(pattern);
  return defs;
}

/** A period with its ends as the figures need them. */
export interface Cell extends Period {
  from: Date;
  to: Date;
}

/** The periods that lie at least in part within a domain. */
export function cellsOf(relation: Relation, domain: Domain): Cell[] {
  return relation.series
    .map((period) => {
      const from = utc(period.start);
      return { ...period, from, to: after(from, relation.step as Step) };
    })
    .filter((cell) => cell.to > domain.since && cell.from < domain.until);
}

/** Stretches of neighbouring periods that were hardly read. */
export function thinRuns(cells: Cell[]): { from: Date; to: Date }[] {
  const runs: { from: Date; to: Date }[] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (!isThin(cell)) continue;
    if (last && last.to.getTime() === cell.from.getTime()) last.to = cell.to;
    else runs.push({ from: cell.from, to: cell.to });
  }
  return runs;
}

/** The level as steps with its interval, over hatched stretches that were hardly read. */
export function levelMarks(cells: Cell[], hatch: string): Plot.Markish[] {
  const steps = cells.flatMap((cell) => [
    { at: cell.from, ...cell.level },
    { at: cell.to, ...cell.level },
  ]);
  return [
    Plot.rect(thinRuns(cells), { x1: "from", x2: "to", y1: -10, y2: 10, fill: `url(#${hatch})`, clip: true }),
    Plot.gridY({ ticks: [-10, -5, 5, 10], stroke: "var(--edge)", strokeOpacity: 1 }),
    Plot.ruleY([0], { stroke: "var(--edge-strong)" }),
    Plot.areaY(steps, {
      x: "at",
      y1: "low",
      y2: "high",
      fill: "var(--accent)",
      fillOpacity: 0.17,
      clip: true,
    }),
    Plot.lineY(steps, { x: "at", y: "mean", stroke: "var(--accent)", strokeWidth: 1.8, clip: true }),
  ];
}

export const LEVEL_SCALE = { domain: [-10, 10], label: null, ticks: [-10, -5, 0, 5, 10] } as const;
/** "+5", "−5" and "0" on an axis of levels. */
export const levelTick = (value: number): string =>
  value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0";

/** The figure of one pair: level, announced incidents, counts by quad class, reading; one above the other on one axis of time. */

import type * as Plot from "@observablehq/plot";
import { countsPart, readingPart } from "./counts_part";
import { cellsOf, MARGIN, type Cell, type Domain, type Frame } from "./drawing";
import { announcedPart, levelPart } from "./level_part";
import type { Point, Relation } from "./relation";

export interface Dot {
  point: Point;
  x: number;
  y: number;
  r: number;
}
export interface Drawing {
  parts: SVGSVGElement[];
  width: number;
  height: number;
  left: number;
  right: number;
  /** Pixels of a moment, and the moment at a pixel. */
  x: (at: Date) => number;
  when: (px: number) => Date;
  /** Incidents from left to right. */
  dots: Dot[];
  flags: { n: number; x: number; y: number }[];
  cells: Cell[];
}

/** Draw a relation as wide as asked, with the points that are wanted. */
export function drawTimeline(
  relation: Relation,
  points: Point[],
  { domain, width }: { domain: Domain; width: number },
): Drawing {
  const cells = cellsOf(relation, domain);
  const x: Plot.ScaleOptions = { type: "utc", domain: [domain.since, domain.until], label: null, axis: null };
  const frame: Frame = { width, marginLeft: MARGIN.left, marginRight: MARGIN.right, x };
  const level = levelPart(relation, points, cells, frame, domain);
  const parts = [level.svg];
  const dots = level.dots;
  let height = level.height;
  const announced = points.filter((p) => p.planned);
  if (announced.length) {
    const lane = announcedPart(announced, frame);
    dots.push(...lane.dots.map((dot) => ({ ...dot, y: dot.y + height })));
    parts.push(lane.svg);
    height += lane.height;
  }
  for (const part of [countsPart(relation, cells, frame), readingPart(cells, frame)]) {
    parts.push(part.svg);
    height += part.height;
  }
  const span = domain.until.getTime() - domain.since.getTime();
  const inner = width - MARGIN.left - MARGIN.right;
  return {
    parts,
    width,
    height,
    left: MARGIN.left,
    right: width - MARGIN.right,
    x: level.x,
    when: (px) =>
      new Date(domain.since.getTime() + (Math.min(Math.max(px - MARGIN.left, 0), inner) / inner) * span),
    dots: dots.sort((a, b) => a.x - b.x || a.y - b.y),
    flags: level.flags,
    cells,
  };
}

/** The upper parts of the figure of one pair: the level with its incidents and turns, and what is announced. */

import * as Plot from "@observablehq/plot";
import type { Quad } from "../../api/shapes";
import {
  hatchId,
  LEVEL_SCALE,
  levelMarks,
  levelTick,
  MARGIN,
  plotOf,
  QUADS,
  type Cell,
  type Domain,
  type Frame,
} from "./drawing";
import { utc } from "./periods";
import { dayOf, type Change, type Point, type Relation } from "./relation";
import type { Dot } from "./timeline";

const LANE = 17; // of the numbers of turns

/** Radius of a point by how many newsrooms tell of it. */
export const radiusOf = (newsrooms: number): number =>
  Math.min(10, 3.2 + 2 * Math.sqrt(Math.max(0, newsrooms - 1)));

export function levelPart(relation: Relation, points: Point[], cells: Cell[], frame: Frame, domain: Domain) {
  const shown = relation.changes
    .filter((change) => utc(change.raised_on) >= domain.since && utc(change.since) <= domain.until)
    // One that began before the time shown stands at its edge.
    .map((change) => ({
      ...change,
      n: relation.changes.indexOf(change) + 1,
      at: new Date(Math.max(utc(change.since).getTime(), domain.since.getTime())),
    }));
  const span = domain.until.getTime() - domain.since.getTime();
  const px = (at: Date): number =>
    MARGIN.left +
    ((at.getTime() - domain.since.getTime()) / span) * (frame.width - MARGIN.left - MARGIN.right);
  const flags = lanesOf(shown, px, frame.width - MARGIN.right);
  const lanes = Math.max(0, ...flags.map((flag) => flag.lane + 1));
  const top = 22 + lanes * LANE;
  const height = top + (frame.width < 560 ? 190 : 230);
  const hatch = hatchId();
  const { svg, x, y } = plotOf(
    {
      ...frame,
      height,
      marginTop: top,
      marginBottom: 10,
      y: { ...LEVEL_SCALE, axis: null },
      r: { type: "identity" },
      marks: [
        ...levelMarks(cells, hatch),
        Plot.axisY({
          ticks: [-10, -5, 0, 5, 10],
          tickFormat: levelTick,
          tickSize: 0,
          label: `level, −10 conflict to +10 cooperation`,
          labelArrow: "none",
          labelOffset: MARGIN.left,
          textAnchor: "end",
        }),
        Plot.axisX({ ticks: frame.width / 90, tickSize: 0, tickFormat: () => "" }),
        ...flags.flatMap((flag) => flagMarks(flag, top)),
        ...QUADS.flatMap((quad) => pointMarks(points, quad)),
      ],
    },
    hatch,
  );
  const dots: Dot[] = points
    .filter((p) => !p.planned && dayOf(p))
    .map((point) => ({
      point,
      x: x(utc(dayOf(point)!)),
      y: y(point.intensity),
      r: radiusOf(point.independent_sources),
    }));
  return {
    svg,
    x,
    height,
    dots,
    flags: flags.map((flag) => ({ n: flag.n, x: flag.x, y: 22 + flag.lane * LANE })),
  };
}

interface Flag extends Change {
  n: number;
  at: Date;
  x: number;
  lane: number;
  words: string;
  /** Whether its words stand left of it, for want of room. */
  isLeft: boolean;
}

/** Give each turn a lane in which its number does not touch the one before; with room it says what turned. */
function lanesOf(
  changes: (Change & { n: number; at: Date })[],
  px: (at: Date) => number,
  end: number,
): Flag[] {
  const free = [-Infinity, -Infinity, -Infinity];
  return changes.map((change, i) => {
    const x = px(change.at);
    const next = changes[i + 1] ? px(changes[i + 1]!.at) : end + 20;
    const short = `${change.n} ${change.rises ? "▲" : "▼"}`;
    const long = `${short} ${change.rises ? "more" : "less"} ${change.kind}`;
    const fits = x + long.length * 6.6 < Math.min(next, end);
    const words = fits ? long : short;
    let lane = free.findIndex((taken) => x > taken);
    if (lane < 0) lane = free.indexOf(Math.min(...free));
    free[lane] = x + words.length * 6.6 + 10;
    return { ...change, x, lane, words, isLeft: x + words.length * 6.6 > end + MARGIN.right };
  });
}

function flagMarks(flag: Flag, top: number): Plot.Markish[] {
  const colour = `var(--${flag.kind})`;
  const up = top - 22 - flag.lane * LANE;
  return [
    Plot.ruleX([flag], { x: "at", stroke: colour, strokeDasharray: "3 3", strokeWidth: 1.2, insetTop: -up }),
    Plot.text([flag], {
      x: "at",
      text: "words",
      frameAnchor: "top",
      textAnchor: flag.isLeft ? "end" : "start",
      dx: flag.isLeft ? -4 : 4,
      dy: 2 - up,
      fill: colour,
      fontWeight: 600,
      fontSize: 11,
    }),
  ];
}

/** Points of a quad class: round for cooperation, pointed for conflict; hollow for words, solid for deeds; faint when not counted. */
function pointMarks(points: Point[], quad: Quad): Plot.Markish[] {
  const colour = `var(--q${quad})`;
  const own = points.filter((p) => p.quad_class === quad && !p.planned && dayOf(p));
  const hollow = quad === 1 || quad === 3;
  return [false, true].map((counted) =>
    Plot.dot(
      own.filter((p) => p.counted === counted),
      {
        x: (p: Point) => utc(dayOf(p)!),
        y: "intensity",
        r: (p: Point) => radiusOf(p.independent_sources),
        symbol: quad <= 2 ? "circle" : "triangle",
        fill: hollow ? "var(--panel)" : colour,
        fillOpacity: counted ? (hollow ? 0.7 : 0.85) : 0,
        stroke: hollow || !counted ? colour : "var(--panel)",
        strokeWidth: hollow ? 1.8 : 1,
        strokeDasharray: counted ? undefined : "2 2",
        strokeOpacity: counted ? 1 : 0.7,
      },
    ),
  );
}

export function announcedPart(points: Point[], frame: Frame) {
  const height = 34;
  const dated = points.filter((p) => dayOf(p));
  const { svg, x } = plotOf({
    ...frame,
    height,
    marginTop: 4,
    marginBottom: 4,
    y: { domain: [0, 1], axis: null },
    r: { type: "identity" },
    marks: [
      Plot.frame({ stroke: "var(--edge)", strokeDasharray: "3 3" }),
      Plot.text(["announced"], { frameAnchor: "left", dx: 6, fill: "var(--ink-3)", fontSize: 11 }),
      ...QUADS.map((quad) =>
        Plot.dot(
          dated.filter((p) => p.quad_class === quad),
          {
            x: (p: Point) => utc(dayOf(p)!),
            y: 0.5,
            r: 5,
            symbol: quad <= 2 ? "circle" : "triangle",
            fill: quad % 2 ? "var(--panel)" : `var(--q${quad})`,
            stroke: `var(--q${quad})`,
            strokeDasharray: "2 1.5",
            strokeWidth: 1.5,
          },
        ),
      ),
    ],
  });
  return { svg, height, dots: dated.map((point) => ({ point, x: x(utc(dayOf(point)!)), y: 17, r: 5 })) };
}

/** The lower parts of the figure of one pair: incidents per period, and how much was read. */

import * as Plot from "@observablehq/plot";
import type { Quad } from "../../api/shapes";
import { hatchId, MARGIN, plotOf, QUADS, thinRuns, type Cell, type Frame } from "./drawing";
import { isThin, type Relation } from "./relation";

const FALLING: readonly Quad[] = [4, 3];
const RISING: readonly Quad[] = [2, 1];

/** Bars of the counts: cooperation above the axis, conflict below, deeds next to the axis; the smoothed rate over them. */
export function countsPart(relation: Relation, cells: Cell[], frame: Frame) {
  const height = frame.width < 560 ? 130 : 150;
  const above = Math.max(
    1,
    ...cells.map((c) => Math.max(c.counts[0] + c.counts[1], c.cooperation.rate ?? 0)),
  );
  const below = Math.max(1, ...cells.map((c) => Math.max(c.counts[2] + c.counts[3], c.conflict.rate ?? 0)));
  const narrow = (frame.width - MARGIN.left - MARGIN.right) / Math.max(1, cells.length) < 4;
  const hatch = hatchId();
  const steps = (kind: "conflict" | "cooperation", sign: number) =>
    cells.flatMap((c) =>
      [c.from, c.to].map((at) => ({
        at,
        rate: sign * (c[kind].rate ?? 0),
        low: sign * (c[kind].low ?? 0),
        high: sign * (c[kind].high ?? 0),
      })),
    );
  const bars = (quads: readonly Quad[], sign: number) =>
    cells.flatMap((cell) => {
      let from = 0;
      return quads.flatMap((quad) => {
        const n = cell.counts[quad - 1]!;
        const bar = { from: cell.from, to: cell.to, y1: sign * from, y2: sign * (from + n), quad };
        from += n;
        return n ? [bar] : [];
      });
    });
  const all = [...bars(RISING, 1), ...bars(FALLING, -1)];
  const { svg } = plotOf(
    {
      ...frame,
      height,
      marginTop: 24,
      marginBottom: 8,
      y: { domain: [-below, above], axis: null },
      marks: [
        Plot.rect(thinRuns(cells), {
          x1: "from",
          x2: "to",
          y1: -below,
          y2: above,
          fill: `url(#${hatch})`,
          clip: true,
        }),
        ...QUADS.map((quad) =>
          Plot.rect(
            all.filter((bar) => bar.quad === quad),
            {
              x1: "from",
              x2: "to",
              y1: "y1",
              y2: "y2",
              insetLeft: narrow ? 0 : 0.5,
              insetRight: narrow ? 0 : 0.5,
              clip: true,
              fill: `var(--q${quad})`,
              fillOpacity: quad % 2 ? 0.35 : 0.95,
              stroke: narrow ? undefined : `var(--q${quad})`,
              strokeWidth: 0.6,
            },
          ),
        ),
        ...(
          [
            ["cooperation", 1],
            ["conflict", -1],
          ] as const
        ).flatMap(([kind, sign]) => [
          Plot.areaY(steps(kind, sign), {
            x: "at",
            y1: "low",
            y2: "high",
            fill: "var(--ink)",
            fillOpacity: 0.1,
            clip: true,
          }),
          Plot.lineY(steps(kind, sign), {
            x: "at",
            y: "rate",
            stroke: "var(--ink-2)",
            strokeWidth: 1,
            clip: true,
          }),
        ]),
        Plot.ruleY([0], { stroke: "var(--edge-strong)" }),
        Plot.axisY({
          ticks: wholeTicks(below, above),
          tickFormat: (n: number) => String(Math.abs(n)),
          tickSize: 0,
          labelArrow: "none",
          label: `incidents a ${relation.step}: cooperation up, conflict down`,
          labelOffset: MARGIN.left,
        }),
      ],
    },
    hatch,
  );
  return { svg, height };
}

function wholeTicks(below: number, above: number): number[] {
  const size = Math.max(1, Math.ceil((below + above) / 5));
  const ticks = [0];
  for (let n = size; n <= above; n += size) ticks.push(n);
  for (let n = size; n <= below; n += size) ticks.push(-n);
  return ticks;
}

/** How much was read, as a strip: a thin time shows as thin. */
export function readingPart(cells: Cell[], frame: Frame) {
  const height = 84;
  const reading = cells.map((c) => ({ ...c, share: Math.min(2, c.exposure ?? 0), thin: isThin(c) }));
  const { svg } = plotOf({
    ...frame,
    height,
    marginTop: 24,
    marginBottom: 30,
    y: { domain: [0, 2], axis: null },
    marks: [
      Plot.rect(reading, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: "share",
        clip: true,
        fill: (c: { thin: boolean }) => (c.thin ? "var(--warn)" : "var(--edge-strong)"),
        fillOpacity: 0.55,
      }),
      Plot.ruleY([0], { stroke: "var(--edge-strong)" }),
      Plot.ruleY([1], { stroke: "var(--ink-3)", strokeDasharray: "2 2" }),
      Plot.axisY({
        ticks: [1],
        tickFormat: () => "usual",
        tickSize: 0,
        label: "reading, as a share of the usual",
        labelArrow: "none",
        labelOffset: MARGIN.left,
      }),
      Plot.axisX({ ticks: Math.max(2, Math.round(frame.width / 110)), tickSize: 4 }),
    ],
  });
  return { svg, height };
}

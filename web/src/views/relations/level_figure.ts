/** The level of a pair alone: for several pairs beside each other, and for the brief. */

import * as Plot from "@observablehq/plot";
import {
  cellsOf,
  hatchId,
  LEVEL_SCALE,
  levelMarks,
  levelTick,
  MARGIN,
  plotOf,
  type Cell,
  type Domain,
} from "./drawing";
import { utc } from "./periods";
import type { Relation } from "./relation";

export interface LevelDrawing {
  svg: SVGSVGElement;
  cells: Cell[];
  x: (at: Date) => number;
  y: (level: number) => number;
}

/** Draw the level with its interval and its turns. */
export function drawLevel(
  relation: Relation,
  { domain, width, height }: { domain: Domain; width: number; height: number },
): LevelDrawing {
  const cells = cellsOf(relation, domain);
  const hatch = hatchId();
  const turns = relation.changes
    .map((change) => ({ at: utc(change.since), kind: change.kind }))
    .filter((turn) => turn.at >= domain.since && turn.at <= domain.until);
  const drawn = plotOf(
    {
      width,
      height,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: 8,
      marginBottom: 28,
      x: { type: "utc", domain: [domain.since, domain.until], label: null, axis: null },
      y: { ...LEVEL_SCALE, axis: null },
      marks: [
        ...levelMarks(cells, hatch),
        Plot.ruleX(turns, {
          x: "at",
          stroke: (turn: { kind: string }) => `var(--${turn.kind})`,
          strokeDasharray: "3 3",
          strokeOpacity: 0.8,
        }),
        Plot.axisY({ ticks: [-10, 0, 10], tickFormat: levelTick, tickSize: 0, label: null }),
        Plot.axisX({ ticks: Math.max(2, Math.round(width / 110)), tickSize: 4 }),
      ],
    },
    hatch,
  );
  return { ...drawn, cells };
}

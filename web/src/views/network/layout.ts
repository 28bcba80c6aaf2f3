/** Where nodes stand: ForceAtlas2 from start positions that follow from the names, so that the same network looks the same. */

import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import type { Network } from "./answer";

export type Places = Map<string, { x: number; y: number }>;

const STEPS = 400;
const SLICE_MS = 12; // then the page may do something else
const RADIUS = 260; // about half a picture's height in pixels
const GAP = 12;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Give each node its place. Those who cooperate attract each other, others hardly; `signal` ends it early. */
export async function layOut(network: Network, signal: AbortSignal): Promise<Places> {
  const graph = startOf(network);
  const large = graph.order > 400;
  const step = large ? 1 : 10; // fixed, so that the pace of the machine changes nothing
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    gravity: 0.6,
    strongGravityMode: false,
    scalingRatio: 12,
    slowDown: 4,
    linLogMode: false,
    barnesHutOptimize: large,
    edgeWeightInfluence: 1,
  };
  let since = performance.now();
  for (let done = 0; done < (large ? STEPS / 2 : STEPS) && graph.order > 1; done += step) {
    forceAtlas2.assign(graph, { iterations: step, settings, getEdgeWeight: "pull" });
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((next) => setTimeout(next));
    if (signal.aborted) break;
    since = performance.now();
  }
  const found = graph.mapNodes((id, { x, y, size }) => ({
    id,
    x: x as number,
    y: y as number,
    size: size as number,
  }));
  spread(found);
  if (!large) part(found);
  return new Map(found.map(({ id, x, y }) => [id, { x, y }]));
}

interface Placed {
  id: string;
  x: number;
  y: number;
  size: number;
}

/** Even out how dense nodes lie from the middle outwards, so that what hangs on nothing does not shrink the rest. */
function spread(found: Placed[]): void {
  const [x, y] = [middle(found.map((p) => p.x)), middle(found.map((p) => p.y))];
  const out = (p: Placed): number => Math.hypot(p.x - x, p.y - y);
  const sorted = [...found].sort((a, b) => out(a) - out(b) || (a.id < b.id ? -1 : 1));
  const usual = out(sorted[Math.floor(0.8 * sorted.length)] ?? sorted[0]!) || 1;
  sorted.forEach((p, rank) => {
    const own = out(p) || 1e-9;
    const wanted = 0.3 * Math.min(1, (0.8 * own) / usual) + 0.7 * Math.sqrt((rank + 0.5) / sorted.length);
    const scale = (RADIUS * wanted) / own;
    p.x = (p.x - x) * scale;
    p.y = (p.y - y) * scale;
  });
}

/** Push apart those that lie on each other. */
function part(found: Placed[]): void {
  for (let round = 0; round < 80; round++)
    for (const [i, a] of found.entries())
      for (const b of found.slice(i + 1)) {
        const [dx, dy] = [b.x - a.x || 0.01 * (i + 1), b.y - a.y];
        const lacks = a.size + b.size + GAP - Math.hypot(dx, dy);
        if (lacks <= 0) continue;
        const share = lacks / 2 / (Math.hypot(dx, dy) || 1);
        a.x -= dx * share;
        a.y -= dy * share;
        b.x += dx * share;
        b.y += dy * share;
      }
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Nodes on a spiral, community after community, each by name; edges with how much they pull. */
function startOf(network: Network): Graph {
  const graph = new Graph({ type: "undirected" });
  const sorted = [...network.nodes].sort(
    (a, b) => (a.community ?? 1e6) - (b.community ?? 1e6) || (a.id < b.id ? -1 : 1),
  );
  sorted.forEach((node, i) => {
    const around = ((node.community ?? 0) * GOLDEN * 2) % (2 * Math.PI);
    const out = 12 * Math.sqrt(i + 1);
    graph.addNode(node.id, {
      x: 60 * Math.cos(around) + out * Math.cos(i * GOLDEN),
      y: 60 * Math.sin(around) + out * Math.sin(i * GOLDEN),
      size: sizeOf(node.incidents),
    });
  });
  for (const edge of network.edges)
    graph.addEdge(edge.source, edge.target, {
      pull: edge.weight > 0 ? 0.5 + Math.log1p(edge.weight) : 0.15,
    });
  return graph;
}

/** Radius of a node in pixels: its area grows with its incidents. */
export const sizeOf = (incidents: number): number => Math.min(26, 4 + 1.1 * Math.sqrt(incidents));
/** Width of an edge in pixels. */
export const widthOf = (incidents: number): number => Math.min(9, 1.2 + 1.1 * Math.log2(incidents));

/** The network of a period as the server tells it: networkx's node-link data, with what was found under "graph". */

import { codes } from "../../api/codes.svelte";
import { to } from "../../router.svelte";

export interface Node {
  id: string;
  /** Incidents of all its pairs. */
  incidents: number;
  cooperation: number;
  conflict: number;
  /** From 1 by size; none where it cooperates with nobody. */
  community?: number;
}
export interface Edge {
  source: string;
  target: string;
  /** Sum of the intensities of its incidents; its sign says what prevails. */
  weight: number;
  incidents: number;
  intensity: number;
  quad_1: number;
  quad_2: number;
  quad_3: number;
  quad_4: number;
}
export interface Triad {
  nodes: [string, string, string];
  /** Of the pairs of the first and second, first and third, second and third. */
  signs: [number, number, number];
  weight: number;
}
export interface Balance {
  triads: number;
  share: number | null;
  weak: number | null;
  weighted: number | null;
  /** How many are not balanced; the heaviest are listed. */
  tense: number;
  unbalanced: Triad[];
}
export interface Move {
  actor: string;
  distance: number;
  expected: number;
  chance: number;
  incidents: [number, number];
  partners: { partner: string; sign: number; before: number; after: number }[];
}
export interface Network {
  nodes: Node[];
  edges: Edge[];
  graph: {
    since: string | null;
    until: string | null;
    by: string;
    communities: string[][];
    balance: Balance;
    compared_with?: [string | null, string | null];
    least_incidents?: number;
    moves?: Move[];
  };
}
export interface NetworkAnswer {
  as_of: string | null;
  network: Network;
}

export type Sign = 1 | 0 | -1;
export const signOf = (edge: Edge): Sign => (edge.weight > 0 ? 1 : edge.weight < 0 ? -1 : 0);
export const cooperation = (edge: Edge): number => edge.quad_1 + edge.quad_2;
export const conflict = (edge: Edge): number => edge.quad_3 + edge.quad_4;
export const SIGNS: Record<Sign, string> = {
  1: "cooperation prevails",
  0: "even",
  [-1]: "conflict prevails",
};

/** "IRN/MIL" in words: "Iran, military". */
export function nameOf(node: string): string {
  const [country = "", sector] = node.split("/");
  const known = codes.country(country);
  const name = known.charAt(0).toUpperCase() + known.slice(1);
  return sector ? `${name}, ${codes.sector(sector).toLowerCase()}` : name;
}

/** The same for a picture, where room is dear: "Iran (MIL)". */
export function shortOf(node: string): string {
  const [country = "", sector] = node.split("/");
  return sector ? `${nameOf(country)} (${sector})` : nameOf(country);
}

/** Letter of a community: A is the largest; two letters from the 27th on. */
export function letterOf(community: number): string {
  const place = community - 1;
  const letter = String.fromCharCode(65 + (place % 26));
  return place < 26 ? letter : String.fromCharCode(64 + Math.floor(place / 26)) + letter;
}

/** The relation of two nodes in the period that is looked at. */
export const relationOf = (first: string, second: string, graph: Network["graph"]): string =>
  to("/relations", { first, second, since: graph.since, until: graph.until });

/** The other end of an edge. */
export const otherEnd = (edge: Edge, node: string): string =>
  edge.source === node ? edge.target : edge.source;

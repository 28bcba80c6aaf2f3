/** Places that would lie over each other on the screen, drawn as one mark. */

import { isArea, type Place } from "./placed";
import { KM, project, type World } from "./world";

/** Places closer than this on the screen are one mark. */
const APART_PX = 48;

/** Where the places of an answer lie, in units of the map, and how far each reaches. */
export interface Laid {
  places: Place[];
  x: Float64Array;
  y: Float64Array;
  /** Radius of the area that a place known only to the country or province may mean; 0 for a point. */
  extent: Float64Array;
  /** Rows of the places, those with most incidents first. */
  order: Uint32Array;
}
export interface Cluster {
  /** The place with most incidents, which gives the mark its name and spot. */
  seed: number;
  places: number[];
  isArea: boolean;
  /** Where the mark stands, in units of the map: at the place, or somewhere in the area where there is room. */
  x: number;
  y: number;
}

const PROVINCES = 4.5; // a country has about twenty provinces: a radius of its own divided by their root
const [LEAST_KM, MOST_KM] = [25, 250]; // of a province

function extentOf(place: Place, world: World): number {
  const radius = world.byCode.get(place.country ?? "")?.radius;
  if (place.resolution === 1) return radius ?? MOST_KM / KM;
  const province = radius === undefined ? 120 / KM : radius / PROVINCES;
  return Math.min(Math.max(province, LEAST_KM / KM), MOST_KM / KM);
}

export function lay(places: Place[], counts: Uint32Array, world: World): Laid {
  const n = places.length;
  const laid = { places, x: new Float64Array(n), y: new Float64Array(n), extent: new Float64Array(n) };
  places.forEach((place, i) => {
    [laid.x[i], laid.y[i]] = project(place.lon, place.lat);
    laid.extent[i] = isArea(place) ? extentOf(place, world) : 0;
  });
  const order = Uint32Array.from(places.keys()).sort((a, b) => total(counts, b) - total(counts, a) || a - b);
  return { ...laid, order };
}

export const total = (counts: Uint32Array, place: number): number =>
  counts[place * 4]! + counts[place * 4 + 1]! + counts[place * 4 + 2]! + counts[place * 4 + 3]!;

/** Pixels a unit, rounded to half an octave, so that marks do not jump while the map is drawn nearer. */
export const gradeOf = (scale: number): number => 2 ** (Math.round(Math.log2(scale) * 2) / 2);

/**
 * Join places to the largest one near them, found through a grid with cells as wide as the distance.
 *
 * Areas are joined only with areas and points with points: "somewhere in Syria" is not a dot in Damascus. The period does not
 * matter, so marks stay in place while it moves.
 */
export function cluster(laid: Laid, scale: number): Cluster[] {
  const apart = APART_PX / scale;
  const cells = new Map<number, number[]>();
  const found: Cluster[] = [];
  for (const i of laid.order) {
    if (Number.isNaN(laid.x[i]!)) continue;
    const area = laid.extent[i]! > 0;
    const [column, row] = [Math.floor(laid.x[i]! / apart), Math.floor(laid.y[i]! / apart)];
    let [best, nearest] = [-1, apart * apart];
    for (let c = column - 1; c <= column + 1; c++)
      for (let r = row - 1; r <= row + 1; r++)
        for (const at of cells.get(c * 1e6 + r) ?? []) {
          const one = found[at]!;
          const off = (laid.x[one.seed]! - laid.x[i]!) ** 2 + (laid.y[one.seed]! - laid.y[i]!) ** 2;
          if (one.isArea === area && off < nearest) [best, nearest] = [at, off];
        }
    if (best >= 0) found[best]!.places.push(i);
    else {
      const cell = column * 1e6 + row;
      if (!cells.has(cell)) cells.set(cell, []);
      cells.get(cell)!.push(found.length);
      found.push({ seed: i, places: [i], isArea: area, x: laid.x[i]!, y: laid.y[i]! });
    }
  }
  return found;
}

/** Counts of each cluster, four numbers a cluster. */
export function sum(clusters: readonly Cluster[], counts: Uint32Array): Uint32Array {
  const sums = new Uint32Array(clusters.length * 4);
  clusters.forEach(({ places }, c) => {
    for (const at of places) for (let q = 0; q < 4; q++) sums[c * 4 + q]! += counts[at * 4 + q]!;
  });
  return sums;
}

const CELL_PX = 64; // at least twice the radius of any mark
const [STEP_PX, FARTHEST_PX] = [7, 112];

/**
 * Move the marks of areas aside where they would cover another mark: they stand for no spot of their own.
 *
 * @param sums Four numbers a cluster, of all days, so that marks stay in place while the period moves.
 * @param radius Pixels of radius for a number of incidents.
 */
export function settle(
  clusters: readonly Cluster[],
  sums: Uint32Array,
  scale: number,
  radius: (n: number) => number,
): Cluster[] {
  const cells = new Map<number, { x: number; y: number; r: number }[]>();
  const cellOf = (x: number, y: number): number => Math.floor(x / CELL_PX) * 1e6 + Math.floor(y / CELL_PX);
  const isFree = (x: number, y: number, r: number): boolean => {
    for (const dx of [-CELL_PX, 0, CELL_PX])
      for (const dy of [-CELL_PX, 0, CELL_PX])
        for (const other of cells.get(cellOf(x + dx, y + dy)) ?? [])
          if (Math.hypot(other.x - x, other.y - y) < other.r + r + 2) return false;
    return true;
  };
  const take = (x: number, y: number, r: number): void => {
    const cell = cellOf(x, y);
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell)!.push({ x, y, r });
  };
  const sized = clusters.map((one, at) => ({ one, r: radius(total(sums, at)) }));
  for (const { one, r } of sized) if (!one.isArea) take(one.x * scale, one.y * scale, r);
  return sized.map(({ one, r }) => {
    if (!one.isArea) return one;
    const [x, y] = [one.x * scale, one.y * scale];
    let [bestX, bestY] = [x, y];
    search: for (let off = 0; off <= FARTHEST_PX; off += STEP_PX) {
      const turns = off ? Math.ceil((2 * Math.PI * off) / 12) : 1;
      for (let t = 0; t < turns; t++) {
        const [tryX, tryY] = [
          x + off * Math.cos((2 * Math.PI * t) / turns),
          y + off * Math.sin((2 * Math.PI * t) / turns),
        ];
        if (!isFree(tryX, tryY, r)) continue;
        [bestX, bestY] = [tryX, tryY];
        break search;
      }
    }
    take(bestX, bestY, r);
    return { ...one, x: bestX / scale, y: bestY / scale };
  });
}

/** What the list beside the map says: places in sight, or countries, with their counts. */

import { total, type Laid } from "./clusters";
import { keyOf } from "./placed";
import type { Tally } from "./shades";
import type { Box } from "./world";

export interface Row {
  key: string;
  name: string;
  /** How little is known, where only an area is. */
  note: string;
  country: string | null;
  all: number;
  quads: number[];
}

export const KNOWN_TO: Record<number, string> = { 1: "country", 2: "province" };

/** Places in a part of the map with incidents in the period, most first; places of one name are one row. */
export function placesIn(laid: Laid, counts: Uint32Array, box: Box | undefined): Row[] {
  const rows = new Map<string, Row>();
  laid.places.forEach((place, at) => {
    const all = total(counts, at);
    const [x, y] = [laid.x[at]!, laid.y[at]!];
    if (!all || (box && (x < box[0] || y < box[1] || x > box[2] || y > box[3]))) return;
    const quads = [0, 1, 2, 3].map((q) => counts[at * 4 + q]!);
    const key = keyOf(place);
    const known = rows.get(key);
    if (known) {
      known.all += all;
      known.quads = known.quads.map((n, q) => n + quads[q]!);
    } else rows.set(key, { key, name: place.name, note: KNOWN_TO[place.resolution ?? 5] ?? "", country: place.country, all, quads }); // prettier-ignore
  });
  return [...rows.values()].sort((a, b) => b.all - a.all || a.name.localeCompare(b.name));
}

export function countriesOf(tallies: ReadonlyMap<string, Tally>, nameOf: (code: string) => string): Row[] {
  return [...tallies]
    .map(([code, { all, quads }]): Row => ({
      key: code,
      name: nameOf(code),
      note: "",
      country: null,
      all,
      quads,
    }))
    .sort((a, b) => b.all - a.all || a.name.localeCompare(b.name));
}

/** Where the incidents are: the part of the map that holds all but a fiftieth at each side, and the middle one. */
export interface Bulk {
  box: Box;
  middle: [number, number];
}

export function bulk({ x, y }: Laid, counts: Uint32Array): Bulk | null {
  const sides = [x, y].map((along): [number, number, number] | null => {
    const at = [...along.keys()].filter((i) => !Number.isNaN(along[i]!) && total(counts, i)).sort((a, b) => along[a]! - along[b]!); // prettier-ignore
    const all = at.reduce((sum, i) => sum + total(counts, i), 0);
    let passed = 0;
    const crossed = (share: number): number => {
      passed = 0;
      const found = at.find((i) => (passed += total(counts, i)) >= share * all);
      return along[found ?? at.at(-1)!]!;
    };
    return at.length ? [crossed(0.02), crossed(0.98), crossed(0.5)] : null;
  });
  if (!sides[0] || !sides[1]) return null;
  const [[left, right, middleX], [top, bottom, middleY]] = [sides[0], sides[1]];
  const least = 12; // units: some five degrees, so that a single place has its surroundings
  const [wide, high] = [Math.max(0, least - (right - left)) / 2, Math.max(0, least - (bottom - top)) / 2];
  return { box: [left - wide, top - high, right + wide, bottom + high], middle: [middleX, middleY] };
}

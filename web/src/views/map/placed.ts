/** The answer of /map as arrays sorted by day, so that any period of 100,000 incidents is counted within a frame. */

import type { Quad } from "../../api/shapes";

export interface Place {
  name: string;
  country: string | null;
  lat: number;
  lon: number;
  /** 1 (known to the country only) to 5 (within a city). */
  resolution: number | null;
  geonames_id: number | null;
}
export interface MapAnswer {
  as_of: string | null;
  map: {
    places: Place[];
    incidents: { id: string[]; place: number[]; day: (number | null)[]; quad: Quad[]; type: number[] };
    types: string[];
    countries: Record<string, Record<string, number>>;
    unplaced: number;
    total: number;
    truncated: boolean;
  };
}

/** Days since 1970-01-01; null where the period is open on that side. */
export interface Period {
  from: number | null;
  until: number | null;
}

export const DAY_MS = 86_400_000;
export const isoOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const dayOf = (iso: string): number | null => {
  const at = Date.parse(`${iso.slice(0, 10)}T00:00Z`);
  return Number.isNaN(at) ? null : Math.round(at / DAY_MS);
};
export const isOpen = (period: Period): boolean => period.from === null && period.until === null;

/** Resolution from which a place is drawn as a point: a district, a city or finer. */
export const POINT_FROM = 3;
export const isArea = (place: Place): boolean => (place.resolution ?? 5) < POINT_FROM;

/** A name of a place that stays the same from answer to answer, for the address. */
export const keyOf = (place: Place): string =>
  place.geonames_id ? `g${place.geonames_id}` : `${place.name}|${place.country ?? ""}`;

export class Placed {
  readonly places: Place[];
  readonly n: number;
  /** Rows before this one have a day, in its order; the rest has none. */
  readonly dated: number;
  readonly day: Int32Array;
  readonly place: Uint32Array;
  readonly quad: Uint8Array;
  readonly #row: Uint32Array;
  readonly #id: string[];

  constructor(answer: MapAnswer["map"]) {
    const { id, place, day, quad } = answer.incidents;
    this.places = answer.places;
    this.#id = id;
    this.n = id.length;
    this.#row = inOrder(day);
    this.dated = day.reduce<number>((sum, d) => sum + (d === null ? 0 : 1), 0);
    this.day = new Int32Array(this.dated);
    this.place = new Uint32Array(this.n);
    this.quad = new Uint8Array(this.n);
    for (let i = 0; i < this.n; i++) {
      const row = this.#row[i]!;
      if (i < this.dated) this.day[i] = day[row]!;
      this.place[i] = place[row]!;
      this.quad[i] = quad[row]!;
    }
  }

  get undated(): number {
    return this.n - this.dated;
  }

  /** First row of a day or later. */
  #from(day: number): number {
    let [low, high] = [0, this.dated];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.day[middle]! < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows [start, end) of a period; one that is open on both sides takes in the undated ones. */
  rows({ from, until }: Period): [number, number] {
    const start = from === null ? 0 : this.#from(from);
    if (until !== null) return [start, Math.max(start, this.#from(until + 1))];
    return [start, from === null ? this.n : this.dated];
  }

  /** Incidents per place and quad class in a period: four numbers a place. */
  count(period: Period): Uint32Array {
    const counts = new Uint32Array(this.places.length * 4);
    const [start, end] = this.rows(period);
    for (let i = start; i < end; i++) counts[this.place[i]! * 4 + this.quad[i]! - 1]!++;
    return counts;
  }

  /** Ids of the incidents at some places in a period, newest first, undated last. */
  idsAt(places: readonly number[], period: Period): string[] {
    const wanted = new Uint8Array(this.places.length);
    for (const at of places) wanted[at] = 1;
    const [start, end] = this.rows(period);
    const [dated, undated]: [string[], string[]] = [[], []];
    for (let i = end - 1; i >= start; i--)
      if (wanted[this.place[i]!]) (i < this.dated ? dated : undated).push(this.#id[this.#row[i]!]!);
    return [...dated, ...undated];
  }
}

/** Rows in the order of their days (counting sort; a span beyond reason is sorted the slow way), undated last. */
function inOrder(day: (number | null)[]): Uint32Array {
  const undated: number[] = [];
  const dated: number[] = [];
  let [low, high] = [Infinity, -Infinity];
  day.forEach((d, row) => {
    if (d === null) return undated.push(row);
    low = Math.min(low, d);
    high = Math.max(high, d);
    return dated.push(row);
  });
  if (high - low > 4_000_000) dated.sort((a, b) => day[a]! - day[b]!);
  else {
    const starts = new Uint32Array(dated.length ? high - low + 2 : 1);
    for (const row of dated) starts[day[row]! - low + 1]!++;
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
    const sorted = new Array<number>(dated.length);
    for (const row of dated) sorted[starts[day[row]! - low]!++] = row;
    return Uint32Array.from([...sorted, ...undated]);
  }
  return Uint32Array.from([...dated, ...undated]);
}

/** Classes of countries by how many incidents they have, or by which side they lean to, with the shade of each. */

import { number } from "../../words";
import { total } from "./clusters";
import type { Place } from "./placed";

export const MEASURES = {
  all: "all incidents",
  conflict: "conflict",
  cooperation: "cooperation",
  balance: "balance",
} as const;
export type Measure = keyof typeof MEASURES;

/** Below this a balance says nothing. */
export const FEW = 5;

export interface Tally {
  /** Incidents by quad class, 1 to 4. */
  quads: [number, number, number, number];
  all: number;
  conflict: number;
  cooperation: number;
}

/** Incidents of each country, by the countries of their places. */
export function tally(places: readonly Place[], counts: Uint32Array): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  places.forEach(({ country }, at) => {
    if (!country || !total(counts, at)) return;
    let own = tallies.get(country);
    if (!own) tallies.set(country, (own = { quads: [0, 0, 0, 0], all: 0, conflict: 0, cooperation: 0 }));
    for (let q = 0; q < 4; q++) {
      const n = counts[at * 4 + q]!;
      own.quads[q]! += n;
      own.all += n;
      own[q < 2 ? "cooperation" : "conflict"] += n;
    }
  });
  return tallies;
}

/** The same from the numbers that an answer gives per country: all incidents with a place, also those left out for their number. */
export function tallyOf(countries: Record<string, Record<string, number>>): Map<string, Tally> {
  return new Map(
    Object.entries(countries).map(([code, own]) => {
      const [q1, q2, q3, q4] = [1, 2, 3, 4].map((q) => own[q] ?? 0) as Tally["quads"];
      return [
        code,
        { quads: [q1, q2, q3, q4], all: q1 + q2 + q3 + q4, conflict: q3 + q4, cooperation: q1 + q2 },
      ];
    }),
  );
}

/** Cooperation less conflict, as a share of both: -1 to +1; null for too few. */
export const balanceOf = (own: Tally): number | null =>
  own.all < FEW ? null : (own.cooperation - own.conflict) / own.all;

export interface Shade {
  /** Colours of the tokens and how much of the first goes into the land's. */
  token: string;
  share: number;
  words: string;
}
export interface Scale {
  shades: Shade[];
  /** Which shade a country has; -1 for none, -2 for too few to say. */
  of: (own: Tally | undefined) => number;
}

const TOKEN: Record<Exclude<Measure, "balance">, string> = {
  all: "--accent",
  conflict: "--conflict",
  cooperation: "--cooperation",
};
const LEAST_SHARE = 0.18;

/** Classes at most; more shades than that are not told apart. */
const MOST_CLASSES = 7;

/** Where classes begin, up to a number: 1, 2, 5, 10 ... or, where those are too many, 1, 3, 10, 30 ... or 1, 10, 100 ... */
function steps(most: number): number[] {
  for (const within of [[1, 2, 5], [1, 3], [1]]) {
    const found = [];
    for (let power = 1; power <= most; power *= 10)
      found.push(...within.map((factor) => factor * power).filter((step) => step <= most));
    if (found.length <= MOST_CLASSES) return found;
  }
  return [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
}

const BALANCES: { from: number; token: string; share: number; words: string }[] = [
  { from: -1, token: "--conflict", share: 0.85, words: "mostly conflict, under −0.6" },
  { from: -0.6, token: "--conflict", share: 0.4, words: "more conflict, to −0.2" },
  { from: -0.2, token: "--edge-strong", share: 0.25, words: "about even, −0.2 to +0.2" },
  { from: 0.2, token: "--cooperation", share: 0.4, words: "more cooperation, to +0.6" },
  { from: 0.6, token: "--cooperation", share: 0.85, words: "mostly cooperation, +0.6 and more" },
];

/**
 * Classes for a measure.
 *
 * @param most The largest number of any country over all days, so that classes do not change while the period moves.
 */
export function scaleOf(measure: Measure, most: number): Scale {
  if (measure === "balance")
    return {
      shades: BALANCES,
      of: (own) => {
        if (!own) return -1;
        const balance = balanceOf(own);
        return balance === null ? -2 : BALANCES.findLastIndex(({ from }) => balance >= from);
      },
    };
  const from = steps(most);
  const shades = from.map((low, i): Shade => {
    const next = from[i + 1];
    const share = from.length === 1 ? 0.6 : LEAST_SHARE + ((0.92 - LEAST_SHARE) * i) / (from.length - 1);
    return { token: TOKEN[measure], share, words: next === undefined ? `${number(low)} and more` : next - 1 === low ? `${low}` : `${number(low)} to ${number(next - 1)}` }; // prettier-ignore
  });
  return {
    shades,
    of: (own) => {
      const n = own?.[measure] ?? 0;
      return n === 0
        ? -1
        : Math.max(
            0,
            from.findLastIndex((low) => n >= low),
          );
    },
  };
}

/** What /relations and /outlook answer, and how their numbers read. */

import type { Count, Incident, Sentence } from "../../api/shapes";
import type { Step } from "./periods";

export interface Side {
  name: string;
  members: string[];
}
/** An incident of both sides; its reports are ids of articles here. */
export interface Point extends Omit<
  Incident,
  "reports" | "place" | "why" | "denials" | "follows" | "counts"
> {
  reports: string[];
  place: { name: string | null; country: string | null } | null;
  counts?: Record<string, Count> | null;
  intensity: number;
  direction: string;
  counted: boolean;
  planned: boolean;
  on: string | null;
  evidence: Sentence[];
}
export interface Interval {
  mean: number | null;
  low: number | null;
  high: number | null;
}
export interface Rate {
  rate: number | null;
  low: number | null;
  high: number | null;
  band: [number, number];
}
export interface Period {
  start: string;
  /** Incidents by quad class, 1 to 4. */
  counts: [number, number, number, number];
  intensity: number | null;
  /** Share of the usual reading; 1 is as always, 0 is nothing read. */
  exposure: number | null;
  planned: number;
  level: Interval;
  conflict: Rate;
  cooperation: Rate;
}
export interface Change {
  kind: "conflict" | "cooperation";
  rises: boolean;
  raised_on: string;
  since: string;
  confidence: number;
  /** Incidents a week. */
  before: number;
  after: number;
  by_chance_per_year: number;
  incidents: string[];
}
export interface Relation {
  first: Side;
  second: Side;
  since: string;
  until: string;
  step: Step;
  points: Point[];
  series: Period[];
  changes: Change[];
  notes: string[];
}
export interface RelationAnswer {
  as_of: string | null;
  relation: Relation;
}

export type Method = "model" | "persistence" | "climatology";
export interface Bin {
  low: number;
  high: number;
  n: number;
  said: number;
  came: number;
}
export interface Expectation {
  kind: "material_conflict" | "material_cooperation";
  weeks: number;
  until: string;
  usual: number;
  chance: number;
  shown: Method;
  why: string;
  chances: Record<Method, number>;
  tested: {
    n: number;
    above: number;
    brier: Record<Method, number | null>;
    skill: Record<"persistence" | "climatology", number | null>;
    calibration: Record<Method, Bin[]>;
  };
}
export interface OutlookAnswer {
  as_of: string | null;
  outlook: { origin: string; missing: string[]; expectations: Expectation[] };
}

/** Below this share of the usual reading a period counts as hardly read, as in the server's own notes. */
export const THIN = 0.25;

export const isThin = (period: Period): boolean => (period.exposure ?? 0) < THIN;

/** The day on which a point stands in the figure; null where none is known. */
export const dayOf = (point: Point): string | null => point.on ?? point.date?.from ?? null;

/** A level or a skill with its sign: "+2.6", "−4.1". */
export function signed(value: number, digits = 1): string {
  const words = Math.abs(value).toFixed(digits);
  if (Number(words) === 0) return words;
  return (value < 0 ? "−" : "+") + words;
}

/** A level with its 90 % interval. */
export const levelWords = ({ mean, low, high }: Interval): string =>
  mean === null || low === null || high === null
    ? "not known"
    : `${signed(mean)} (90 %: ${signed(low)} to ${signed(high)})`;

/** A rate with two figures that count. */
export const rateWords = (rate: number): string =>
  rate === 0
    ? "0"
    : rate >= 10
      ? rate.toFixed(0)
      : rate >= 1
        ? rate.toFixed(1)
        : String(Number(rate.toPrecision(2)));

/** Interval of 90 % for a share by Wilson's score; `worth` is how many independent cases it rests on. */
export function wilson(share: number, worth: number): [number, number] {
  const z = 1.6449;
  const spread = 1 + (z * z) / worth;
  const middle = (share + (z * z) / (2 * worth)) / spread;
  const half = (z / spread) * Math.sqrt((share * (1 - share)) / worth + (z * z) / (4 * worth * worth));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

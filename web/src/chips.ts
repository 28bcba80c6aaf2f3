/** The filters that are set, each in words, so that it can be shown and taken away. */

import { codes, QUADS } from "./api/codes.svelte";
import type { Quad, Status } from "./api/shapes";
import { FILTERS } from "./filters";
import { typesNamed } from "./kinds";
import { here } from "./router.svelte";
import { sideName } from "./sides";
import { day, percent, spelled, STATUSES } from "./words";

export interface Chip {
  name: (typeof FILTERS)[number];
  value: string;
  says: string;
}

/** A day of the address in words; what is no whole day as it stands there. */
const dayOr = (value: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? day(value) : value;

const SAYS: Record<Chip["name"], (value: string) => string> = {
  participant: (value) => sideName(value),
  actor: (value) => `by ${sideName(value)}`,
  recipient: (value) => `to ${sideName(value)}`,
  type: (value) => spelled(value),
  quad: (value) => QUADS[Number(value) as Quad]?.name ?? value,
  region: (value) => value,
  country: (value) => `in or of ${codes.country(value)}`,
  place: (value) => `place ${value}`,
  status: (value) => STATUSES[value as Status] ?? value,
  historical: (value) => (value === "true" ? "background only" : "news only"),
  min_confidence: (value) => `confidence at least ${percent(Number(value))}`,
  min_sources: (value) => `at least ${value} newsroom${value === "1" ? "" : "s"}`,
  outlet: (value) => `told by ${value}`,
  since: (value) => `since ${dayOr(value)}`,
  until: (value) => `until ${dayOr(value)}`,
};

export function chips(): Chip[] {
  return FILTERS.flatMap((name) => {
    const values = name === "type" ? typesNamed() : here.values(name).filter(Boolean);
    return values.map((value) => ({ name, value, says: SAYS[name](value) }));
  });
}

/** Take one filter away; others of its name stay. */
export function takeAway(chip: Chip): void {
  const held = chip.name === "type" ? typesNamed() : here.values(chip.name);
  here.set({ [chip.name]: held.filter((value) => value !== chip.value) }, { replace: false });
}

/** Sides and pairs as addresses write them, and as people read them. */

import { codes } from "../../api/codes.svelte";

const CODE = /^([A-Z]{3})(?:\/([A-Z]{3}))?$/;

/** "IRN/MIL" as "Iran (military)", "FRA,DEU" as "France, Germany"; a name stays as it is. */
export function named(side: string): string {
  return side
    .split(",")
    .map((member) => {
      const [, country, sector] = CODE.exec(member.trim()) ?? [];
      if (!country) return member.trim();
      const known = sector ? codes.sector(sector) : "";
      return (
        codes.country(country) +
        (sector
          ? ` (${known
              .split(/[:;,(]/)[0]!
              .trim()
              .toLowerCase()})`
          : "")
      );
    })
    .join(", ");
}

export const pairName = (first: string, second: string): string => `${named(first)} and ${named(second)}`;

export const PAIRS_AT_MOST = 6;

/** The pairs of an address, "IRN~AZE" each; broken and double ones are left out. */
export function pairsOf(values: string[]): [string, string][] {
  const kept = new Map<string, [string, string]>();
  for (const value of values) {
    const [first = "", second = ""] = value.split("~").map((side) => side.trim());
    if (first && second) kept.set(`${first}~${second}`, [first, second]);
  }
  return [...kept.values()].slice(0, PAIRS_AT_MOST);
}

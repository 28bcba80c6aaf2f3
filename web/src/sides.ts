/** What people type for a side, and how its code reads. */

import { codes, COUNTRIES } from "./api/codes.svelte";

export interface Choice {
  value: string;
  name: string;
  note: string;
}

const MOST = 6;
/** Sectors that are offered first after a country. */
const FIRST_SECTORS = ["GOV", "MIL", "REB", "COP", "OPP", "CVL"];

const all = (): (readonly [string, string])[] => [
  ...COUNTRIES,
  ...Object.entries(codes.ontology?.countries ?? {}),
];

function countryIn(words: string): string | undefined {
  const low = words.trim().toLowerCase();
  return all().find(([code, name]) => code.toLowerCase() === low || name.toLowerCase() === low)?.[0];
}

/** A side in words: "Iran, armed forces of a state" for IRN/MIL; names stay as they are. */
export function sideName(value: string): string {
  const one = (code: string): string => {
    const [country = "", sector] = code.trim().split("/");
    if (!/^[A-Z]{3}$/.test(country)) return code.trim();
    return sector ? `${codes.country(country)}, ${codes.sector(sector)}` : codes.country(country);
  };
  return value.split(",").map(one).join(" and ");
}

/** The code of a country that is typed by name or code, with or without a sector; other words as they are. */
export function codeIn(words: string): string {
  const [country = "", sector] = words.trim().split("/");
  const code = countryIn(country);
  if (!code) return words.trim();
  return sector ? `${code}/${sector.trim().toUpperCase()}` : code;
}

/** Countries and their sectors that begin like the words. */
export function countriesLike(words: string): Choice[] {
  const [typed = "", sector] = words.trim().split("/");
  if (sector !== undefined) {
    const code = countryIn(typed);
    if (!code) return [];
    const low = sector.trim().toLowerCase();
    return Object.entries(codes.ontology?.sectors ?? {})
      .filter(([s, means]) => s.toLowerCase().startsWith(low) || means.toLowerCase().includes(low))
      .map(([s, means]) => ({
        value: `${code}/${s}`,
        name: `${codes.country(code)}, ${means}`,
        note: `${code}/${s}`,
      }));
  }
  const low = typed.toLowerCase();
  const found = all()
    .filter(([code, name]) => code.toLowerCase() === low || wordBegins(name, low))
    .sort((a, b) => Number(b[0].toLowerCase() === low) - Number(a[0].toLowerCase() === low))
    .slice(0, MOST)
    .map(([code, name]): Choice => ({ value: code, name, note: code }));
  const only = found[0];
  if (found.length === 1 && only)
    for (const s of FIRST_SECTORS.slice(1, 4))
      found.push({
        value: `${only.value}/${s}`,
        name: `${only.name}, ${codes.sector(s)}`,
        note: `${only.value}/${s}`,
      });
  return found;
}

const wordBegins = (name: string, low: string): boolean =>
  name.toLowerCase().startsWith(low) || name.toLowerCase().includes(` ${low}`);

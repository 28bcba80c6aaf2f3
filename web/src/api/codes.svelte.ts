/** The codes of the ontology and the names of countries. */

import countries from "i18n-iso-countries";
import english from "i18n-iso-countries/langs/en.json";
import { get } from "./client";
import type { Ontology, Quad } from "./shapes";

countries.registerLocale(english);

/** Names that the package has the wrong way round, long, or the same for two countries; said as in briefs. */
const OWN: Readonly<Record<string, string>> = {
  BRN: "Brunei",
  COD: "DR Congo",
  COG: "Republic of the Congo",
  FSM: "Micronesia",
  LAO: "Laos",
  MDA: "Moldova",
  SYR: "Syria",
  VAT: "Holy See",
};

/** English name of an ISO country: "Iran", "South Korea"; a name that is written the wrong way round is none. */
function nameOf(code: string): string | undefined {
  if (code in OWN) return OWN[code];
  const alias = countries.getName(code, "en", { select: "alias" });
  return alias?.includes(",") ? countries.getName(code, "en") : alias;
}

class Codes {
  ontology = $state.raw<Ontology | undefined>(undefined);

  async load(): Promise<void> {
    this.ontology = await get<Ontology>("/ontology");
  }

  get types(): string[] {
    return Object.keys(this.ontology?.types ?? {});
  }
  quadOf(event_type: string): Quad | undefined {
    return this.ontology?.types[event_type]?.quad_class;
  }
  means(event_type: string, mode?: string | null): string {
    const code = this.ontology?.types[event_type];
    const own = mode ? code?.modes[mode]?.means : undefined;
    return own ?? code?.means ?? "";
  }
  sector(code: string): string {
    return this.ontology?.sectors[code] ?? code;
  }
  /** Name of a country by ISO 3166-1 alpha-3 or a special code. */
  country(code: string): string {
    return this.ontology?.countries[code] ?? nameOf(code) ?? code;
  }
}

export const codes = new Codes();

/** All ISO countries as [alpha-3, name], by name. */
export const COUNTRIES: readonly [string, string][] = Object.keys(countries.getAlpha3Codes())
  .map((code): [string, string] => [code, nameOf(code) ?? code])
  .sort((a, b) => a[1].localeCompare(b[1]));

/** ISO 3166-1 numeric code, three digits, of an alpha-3 code; undefined for special codes. */
export const numericOf = (code: string): string | undefined => countries.alpha3ToNumeric(code);

export const QUADS: Record<Quad, { name: string; short: string }> = {
  1: { name: "verbal cooperation", short: "verbal coop." },
  2: { name: "material cooperation", short: "material coop." },
  3: { name: "verbal conflict", short: "verbal confl." },
  4: { name: "material conflict", short: "material confl." },
};

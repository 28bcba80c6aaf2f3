/** The filters that lists, map and search share: their names are those of the API, so the address of a view says them too. */

import { here } from "./router.svelte";

export const FILTERS = [
  "participant", "actor", "recipient", "type", "quad", "region", "country", "place", "status", "historical", "min_confidence",
  "min_sources", "outlet", "since", "until",
] as const; // prettier-ignore

/** The filters that the address sets, to be sent with a question; `also` adds to them. */
export function filters(also: Record<string, string | number> = {}): URLSearchParams {
  const asked = new URLSearchParams();
  for (const name of FILTERS) for (const value of here.values(name)) if (value) asked.append(name, value);
  if (here.value("as_of")) asked.set("as_of", here.value("as_of"));
  for (const [name, value] of Object.entries(also)) asked.set(name, String(value));
  return asked;
}

/** How many filters are set. */
export const filtersSet = (): number => FILTERS.filter((name) => here.value(name) !== "").length;

/** Take all filters away. */
export const clearFilters = (): void =>
  here.set(Object.fromEntries(FILTERS.map((name) => [name, null])), { replace: false });

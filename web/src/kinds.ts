/** Which event types the address asks for, whether it names them or their quad class. */

import { codes } from "./api/codes.svelte";
import type { Quad } from "./api/shapes";
import { here } from "./router.svelte";

export const QUAD_CLASSES: readonly Quad[] = [1, 2, 3, 4];

export const typesOf = (quad: Quad): string[] => codes.types.filter((type) => codes.quadOf(type) === quad);

/** Types that the address names; "ASSAULT,COERCE" counts as two. */
export const typesNamed = (): string[] =>
  here
    .values("type")
    .flatMap((value) => value.split(","))
    .map((type) => type.trim().toUpperCase())
    .filter(Boolean);

/** Types that may be in the list; empty where any may be. */
export function chosenTypes(): Set<string> {
  const quads = here.values("quad");
  const named = typesNamed();
  const ofQuads = codes.types.filter((type) => quads.includes(String(codes.quadOf(type))));
  if (!named.length) return new Set(ofQuads);
  return new Set(quads.length ? named.filter((type) => ofQuads.includes(type)) : named);
}

/** Ask for these types, in the shortest way: a quad class whose types are all there is named instead of them. */
export function chooseTypes(wanted: Set<string>): void {
  const whole = QUAD_CLASSES.filter((quad) => typesOf(quad).every((type) => wanted.has(type)));
  const rest = [...wanted].filter((type) => !whole.includes(codes.quadOf(type)!));
  if (whole.length === QUAD_CLASSES.length) here.set({ quad: null, type: null }, { replace: false });
  else if (rest.length) here.set({ quad: null, type: [...wanted] }, { replace: false });
  else here.set({ quad: whole.map(String), type: null }, { replace: false });
}

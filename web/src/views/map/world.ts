/** The countries of Natural Earth (1:50m, public domain), projected once (Equal Earth) and held as paths of three grades of detail. */

import { geoArea, geoEqualEarth, geoPath, type GeoContext } from "d3-geo";
import isoCountries from "i18n-iso-countries";
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-50m.json?url";
import table from "./disputed.json";

/** The projected world is so wide; screen pixels come by the camera. */
export const WIDE = 1000;
/** Turned so that the cut goes through the Bering Strait and not through Chukotka. */
const projection = geoEqualEarth().rotate([-11, 0]).precision(0).fitWidth(WIDE, { type: "Sphere" });
const [SOUTH, NORTH] = [-57, 84]; // degrees: what the whole world shows; the rest of Antarctica lies below
export const TOP = projection([11, NORTH])![1];
export const HIGH = projection([11, SOUTH])![1] - TOP;
const EARTH_KM2 = 510_065_000;
/** Kilometres a unit; the projection keeps areas, so this holds everywhere for the radius of a disc. */
export const KM = Math.sqrt(EARTH_KM2 / geoPath(projection).area({ type: "Sphere" }));

export const project = (lon: number, lat: number): [number, number] => {
  const at = projection([lon, lat]);
  return at ? [at[0], at[1] - TOP] : [NaN, NaN];
};
export const unproject = (x: number, y: number): [number, number] | null =>
  projection.invert?.([x, y + TOP]) ?? null;

type Rings = Float32Array[];
export type Box = [left: number, top: number, right: number, bottom: number];

/** Takes what d3 would draw and keeps it as rings. */
class Recorder implements GeoContext {
  rings: number[][] = [];
  beginPath(): void {}
  moveTo(x: number, y: number): void {
    this.rings.push([x, y - TOP]);
  }
  lineTo(x: number, y: number): void {
    this.rings.at(-1)!.push(x, y - TOP);
  }
  closePath(): void {}
  arc(): void {}
}

function ringsOf(shape: Feature | Polygon | MultiPolygon): Rings {
  const recorder = new Recorder();
  geoPath(projection, recorder)(shape);
  return recorder.rings.map((ring) => Float32Array.from(ring));
}

function boxOf(rings: Rings): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], ring[i]!);
      box[1] = Math.min(box[1], ring[i + 1]!);
      box[2] = Math.max(box[2], ring[i]!);
      box[3] = Math.max(box[3], ring[i + 1]!);
    }
  return box;
}

/** Area (signed by its turn) and middle of a ring on the plane. */
function measured(ring: Float32Array): { area: number; middle: [number, number] } {
  let [twice, x, y] = [0, 0, 0];
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const cross = ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
    twice += cross;
    x += (ring[j]! + ring[i]!) * cross;
    y += (ring[j + 1]! + ring[i + 1]!) * cross;
  }
  return { area: twice / 2, middle: [x / (3 * twice), y / (3 * twice)] };
}

/** Rings as a path, without points closer than `least` to the one before and without specks. */
function pathOf(rings: Rings, least: number): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    const [left, top, right, bottom] = boxOf([ring]);
    if (Math.max(right - left, bottom - top) < least) continue;
    let [x, y] = [ring[0]!, ring[1]!];
    path.moveTo(x, y);
    for (let i = 2; i < ring.length; i += 2) {
      if (Math.abs(ring[i]! - x) + Math.abs(ring[i + 1]! - y) < least) continue;
      [x, y] = [ring[i]!, ring[i + 1]!];
      path.lineTo(x, y);
    }
    path.closePath();
  }
  return path;
}

/** Units between points that are kept, from coarse to fine, and the pixels a unit up to which that is good enough. */
const GRADES = [
  { least: 0.45, upTo: 1.7 },
  { least: 0.12, upTo: 7 },
  { least: 0, upTo: Infinity },
] as const;

/** A shape on the map, drawn with the detail that a scale needs. */
export class Shape {
  readonly box: Box;
  /** Square units, holes taken off. */
  readonly area: number;
  /** Middle of its largest part, and how broad that is. */
  readonly middle: [number, number];
  readonly breadth: number;
  readonly #rings: Rings;
  readonly #paths: (Path2D | undefined)[] = [];

  constructor(shape: Feature | Polygon | MultiPolygon) {
    this.#rings = ringsOf(shape);
    this.box = boxOf(this.#rings);
    const parts = this.#rings.map(measured);
    this.area = Math.abs(parts.reduce((sum, part) => sum + part.area, 0));
    const main = parts.reduce(
      (best, part, i) => (Math.abs(part.area) > Math.abs(parts[best]!.area) ? i : best),
      0,
    );
    const [left, , right] = boxOf(this.#rings.slice(main, main + 1));
    this.middle = parts[main]?.middle ?? [NaN, NaN];
    this.breadth = right - left;
  }
  /** Its path in units of the map, for so many pixels a unit. */
  path(scale: number): Path2D {
    const grade = GRADES.findIndex(({ upTo }) => scale <= upTo);
    return (this.#paths[grade] ??= pathOf(this.#rings, GRADES[grade]!.least));
  }
  touches([left, top, right, bottom]: Box): boolean {
    return this.box[0] <= right && this.box[2] >= left && this.box[1] <= bottom && this.box[3] >= top;
  }
}

export interface Country {
  /** ISO 3166-1 alpha-3, KOS for Kosovo; "" where the atlas has no code. */
  code: string;
  shape: Shape;
  /** Radius of a disc as large as the country. */
  radius: number;
}
export interface Dispute {
  name: string;
  claimants: string[];
  since: number;
  until: number | null;
  what: string;
  shape: Shape;
}
export interface World {
  countries: Country[];
  byCode: Map<string, Country>;
  disputes: Dispute[];
}

type Named = Feature<Polygon | MultiPolygon, { name: string }>;
const WITHOUT_NUMBER: Record<string, string> = { Kosovo: "KOS", "N. Cyprus": "CYP", Somaliland: "SOM" };

function countryOf(own: Named): Country {
  const id = own.id === undefined ? "" : String(own.id);
  const shape = new Shape(own);
  const code = (id && isoCountries.numericToAlpha3(id)) || WITHOUT_NUMBER[own.properties.name] || "";
  return { code, shape, radius: Math.sqrt(shape.area / Math.PI) };
}

/** A circle of a radius in km round a point. */
function circle([lon, lat]: number[], radius_km: number): Polygon {
  const ring: number[][] = [];
  for (let i = 0; i <= 24; i++) {
    const turn = (-2 * Math.PI * i) / 24;
    const degrees = radius_km / 111.2;
    ring.push([
      lon! + (Math.cos(turn) * degrees) / Math.cos((lat! * Math.PI) / 180),
      lat! + Math.sin(turn) * degrees,
    ]);
  }
  return { type: "Polygon", coordinates: [ring] };
}

/** An outline as a polygon; d3 takes the inside to be on the right hand, so a ring around most of the earth is turned. */
function polygon(ring: number[][]): Polygon {
  const closed: Polygon = { type: "Polygon", coordinates: [[...ring, ring[0]!]] };
  return geoArea(closed) > 2 * Math.PI
    ? { ...closed, coordinates: [closed.coordinates[0]!.toReversed()] }
    : closed;
}

function disputesOf(all: Named[]): Dispute[] {
  return table.areas.flatMap((area) => {
    let drawn: Polygon | MultiPolygon | undefined;
    if (area.outline) drawn = polygon(area.outline);
    else if (area.point) drawn = polygon(circle(area.point, area.radius_km ?? 20).coordinates[0]!.slice(1));
    else {
      drawn = all.find(({ properties }) => properties.name === area.atlas)?.geometry;
      if (area.part !== undefined && drawn?.type === "MultiPolygon")
        drawn = { type: "Polygon", coordinates: drawn.coordinates[area.part]! };
    }
    return drawn ? [{ ...area, shape: new Shape(drawn) }] : [];
  });
}

const BATCH = 40;
let loaded: Promise<World> | undefined;

/** The world, fetched and projected at the first call. */
export function loadWorld(): Promise<World> {
  return (loaded ??= read().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  }));
}

async function read(): Promise<World> {
  const answer = await fetch(atlas);
  if (!answer.ok) throw new Error(`The outlines of countries could not be read (${answer.status}).`);
  const topology = (await answer.json()) as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  const all = (feature(topology, topology.objects.countries) as FeatureCollection).features as Named[];
  const countries: Country[] = [];
  for (const own of all) {
    countries.push(countryOf(own));
    // The page answers to its reader while the world is projected.
    if (countries.length % BATCH === 0) await new Promise((done) => setTimeout(done));
  }
  const byCode = new Map<string, Country>();
  for (const country of countries)
    if (country.code && (byCode.get(country.code)?.radius ?? 0) < country.radius)
      byCode.set(country.code, country);
  return { countries, byCode, disputes: disputesOf(all) };
}

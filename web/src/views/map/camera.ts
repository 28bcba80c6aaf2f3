/** What part of the map the screen shows: drag, wheel, pinch and double tap (d3-zoom), keys, and the address. */

import { select, type Selection } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from "d3-zoom";
import { HIGH, project, unproject, WIDE, type Box } from "./world";

const NEAREST = 80; // times; the outlines are of 1:50m and get angular beyond it
const WHOLE_NEAREST = 24; // for a part that is shown whole
const FIRST_NEAREST = 8;
const ROOM = 0.86; // of the screen's sides, for what is shown whole
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Screen = scale * map + (x, y). */
export interface Sight {
  scale: number;
  x: number;
  y: number;
}

export class Camera {
  #on: Selection<HTMLElement, unknown, null, undefined>;
  #zoom: ZoomBehavior<HTMLElement, unknown>;
  #at: ZoomTransform = zoomIdentity;
  #fit = { scale: 1, x: 0, y: 0 };
  #gliding = 0;
  width = 1;
  height = 1;

  /**
   * @param element What is dragged.
   * @param moved Called at each step; `ended` when the movement is over, `byHand` unless the page itself moved it.
   */
  constructor(element: HTMLElement, moved: (ended: boolean, byHand: boolean) => void) {
    this.#on = select(element);
    this.#zoom = zoom<HTMLElement, unknown>()
      .scaleExtent([1, NEAREST])
      .clickDistance(4)
      .duration(calm.matches ? 0 : 220)
      .on("zoom end", (event: D3ZoomEvent<HTMLElement, unknown>) => {
        this.#at = event.transform;
        if (event.sourceEvent) this.#halt();
        moved(event.type === "end" && !this.#gliding, Boolean(event.sourceEvent));
      });
    this.#on.call(this.#zoom);
  }

  stop(): void {
    this.#halt();
    this.#on.on(".zoom", null);
  }

  get sight(): Sight {
    const { k, x, y } = this.#at;
    return { scale: k * this.#fit.scale, x: k * this.#fit.x + x, y: k * this.#fit.y + y };
  }
  /** How many times nearer than the whole world. */
  get z(): number {
    return this.#at.k;
  }
  /** Longitude and latitude of the middle of the screen. */
  get centre(): [number, number] {
    return this.#under(this.width / 2, this.height / 2);
  }
  /** What is seen, in units of the map. */
  get box(): Box {
    const { scale, x, y } = this.sight;
    return [-x / scale, -y / scale, (this.width - x) / scale, (this.height - y) / scale];
  }
  #under(x: number, y: number): [number, number] {
    const { scale, x: dx, y: dy } = this.sight;
    return unproject((x - dx) / scale, (y - dy) / scale) ?? [0, 0];
  }

  /** Take another size and keep the middle of the screen where it was. */
  resize(width: number, height: number): void {
    const [z, centre, isFirst] = [this.z, this.centre, this.width === 1];
    this.width = width;
    this.height = height;
    const scale = Math.min(width / WIDE, height / HIGH);
    this.#fit = { scale, x: (width - scale * WIDE) / 2, y: (height - scale * HIGH) / 2 };
    this.#zoom.extent([
      [0, 0],
      [width, height],
    ]);
    this.#zoom.translateExtent([
      [0, 0],
      [width, height],
    ]);
    this.lookAt(isFirst ? [11, 25] : centre, z);
  }

  /** Put a spot into the middle of the screen, so many times nearer than the whole world. */
  lookAt([lon, lat]: [number, number], z: number, glides = false): void {
    const k = Math.min(Math.max(z, 1), NEAREST);
    const [x, y] = project(lon, lat);
    const { scale, x: fx, y: fy } = this.#fit;
    const at = zoomIdentity
      .translate(this.width / 2 - k * (x * scale + fx), this.height / 2 - k * (y * scale + fy))
      .scale(k);
    this.#halt();
    if (glides && !calm.matches) this.#glide(at, 300);
    else this.#on.call(this.#zoom.transform, at);
  }

  #halt(): void {
    cancelAnimationFrame(this.#gliding);
    this.#gliding = 0;
  }

  /** Move there in small steps, straight on the map however much the scale changes. */
  #glide(to: ZoomTransform, duration_ms: number): void {
    const [from, began] = [this.#at, performance.now()];
    const middle = ({ k, x, y }: ZoomTransform) =>
      [(this.width / 2 - x) / k, (this.height / 2 - y) / k] as const;
    const [[x0, y0], [x1, y1]] = [middle(from), middle(to)];
    const step = (now: number): void => {
      const passed = Math.min(1, Math.max(0, (now - began) / duration_ms));
      const eased = 1 - (1 - passed) ** 3;
      const k = from.k * (to.k / from.k) ** eased;
      const share =
        Math.abs(to.k / from.k - 1) < 1e-3 ? eased : (1 / from.k - 1 / k) / (1 / from.k - 1 / to.k);
      const [x, y] = [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
      this.#gliding = passed < 1 ? requestAnimationFrame(step) : 0;
      const at =
        passed < 1 ? zoomIdentity.translate(this.width / 2 - k * x, this.height / 2 - k * y).scale(k) : to;
      this.#on.call(this.#zoom.transform, at);
    };
    this.#gliding = requestAnimationFrame(step);
  }

  /** Show a part of the map whole, with some room round it. */
  show(box: Box): void {
    const [left, top, right, bottom] = box;
    const middle = unproject((left + right) / 2, (top + bottom) / 2);
    if (middle) this.lookAt(middle, this.#holding(box), true);
  }

  /** The first sight: a part of the map, but never so far that the world is a thin band; then what is at its middle. */
  begin(box: Box, middle: [number, number]): void {
    const [left, top, right, bottom] = box;
    const z = Math.min(this.#holding(box), FIRST_NEAREST);
    const isBand = z < this.filling;
    const at = isBand ? unproject(...middle) : unproject((left + right) / 2, (top + bottom) / 2);
    if (at) this.lookAt(at, isBand ? this.filling : z);
  }

  /** How near a part of the map can be shown whole. */
  #holding([left, top, right, bottom]: Box): number {
    const [across, down] = [Math.max(right - left, 1e-6), Math.max(bottom - top, 1e-6)];
    return Math.min(
      (ROOM * this.width) / across / this.#fit.scale,
      (ROOM * this.height) / down / this.#fit.scale,
      WHOLE_NEAREST,
    );
  }

  /** How near the world fills three fifths of the height: on a tall screen more of it would be a thin band. */
  get filling(): number {
    return (0.6 * this.height) / (HIGH * this.#fit.scale);
  }
  pan(dx: number, dy: number): void {
    this.#on.call(this.#zoom.translateBy, dx / this.z, dy / this.z);
  }
  nearer(times: number): void {
    this.lookAt(this.centre, this.z * times, true);
  }
  whole(): void {
    this.lookAt([11, 25], 1, true);
  }
}

/** z and c as the address says them. */
export function said(camera: Camera): { z: string; c: string } {
  const [lon, lat] = camera.centre;
  const digits = camera.z > 20 ? 3 : camera.z > 4 ? 2 : 1;
  return { z: String(+camera.z.toFixed(2)), c: `${lon.toFixed(digits)},${lat.toFixed(digits)}` };
}

/** What an address says of the sight; null where it says nothing that can be understood. */
export function meant(z: string, c: string): { z: number; centre: [number, number] } | null {
  const [lon, lat] = c.split(",").map(Number);
  const near = Number(z || "1");
  if (lon === undefined || lat === undefined || ![lon, lat, near].every(Number.isFinite)) return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  return { z: near, centre: [lon, lat] };
}

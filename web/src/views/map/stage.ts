/** The two canvases of the map, the camera over them, and what lies under the pointer. Draws at most once a frame. */

import { Camera } from "./camera";
import { drawGround, type Ground, type Sheet } from "./ground";
import { drawMarks, type Drawn, type Marks } from "./marks";
import type { Palette } from "./palette";
import type { Country, Dispute } from "./world";

export interface Under {
  cluster: number | null;
  country: Country | null;
  dispute: Dispute | null;
}
interface Tell {
  /** The map moved; `ended` when it came to rest. */
  moved: (camera: Camera, ended: boolean, byHand: boolean) => void;
}

export class Stage {
  readonly camera: Camera;
  ground: Ground | null = null;
  marks: Marks | null = null;
  /** The marks of the last frame, largest first. */
  drawn: Drawn[] = [];

  readonly #pens: [CanvasRenderingContext2D, CanvasRenderingContext2D];
  readonly #observer: ResizeObserver;
  #palette: Palette;
  #frame = 0;
  #isGroundOld = true;

  constructor(
    readonly frame: HTMLElement,
    below: HTMLCanvasElement,
    above: HTMLCanvasElement,
    palette: Palette,
    tell: Tell,
  ) {
    this.#palette = palette;
    this.#pens = [below.getContext("2d", { alpha: false })!, above.getContext("2d")!];
    this.camera = new Camera(frame, (ended, byHand) => {
      this.#ask(true);
      tell.moved(this.camera, ended, byHand);
    });
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(frame);
    this.#resize();
  }

  stop(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.camera.stop();
  }

  #resize(): void {
    const [width, height] = [this.frame.clientWidth, this.frame.clientHeight];
    if (!width || !height || (width === this.camera.width && height === this.camera.height)) return;
    for (const { canvas } of this.#pens) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    this.camera.resize(width, height);
    this.#ask(true);
  }

  setGround(ground: Ground, palette: Palette): void {
    this.#palette = palette;
    this.ground = ground;
    this.#ask(true);
  }
  setMarks(marks: Marks | null): void {
    this.marks = marks;
    this.#ask(false);
  }

  #ask(groundToo: boolean): void {
    this.#isGroundOld ||= groundToo;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const { width, height, sight } = this.camera;
    const sheet = (pen: CanvasRenderingContext2D): Sheet => ({ pen, width, height, dpr: pen.canvas.width / width, sight, palette: this.#palette }); // prettier-ignore
    if (this.#isGroundOld && this.ground) drawGround(sheet(this.#pens[0]), this.ground);
    this.#isGroundOld = false;
    if (this.marks) this.drawn = drawMarks(sheet(this.#pens[1]), this.marks);
    else {
      const pen = this.#pens[1];
      pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
      this.drawn = [];
    }
  }

  /** What lies at a point of the frame. */
  under(x: number, y: number): Under {
    const reach = (mark: Drawn) => Math.hypot(mark.x - x, mark.y - y) - mark.r;
    const near = this.drawn.filter((mark) => reach(mark) < 4);
    const mark = near.length ? near.reduce((a, b) => (reach(b) < reach(a) ? b : a)) : null;
    const { scale, x: dx, y: dy } = this.camera.sight;
    const [mx, my] = [(x - dx) / scale, (y - dy) / scale];
    const pen = this.#pens[0];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    const holds = ({ shape }: Country | Dispute) =>
      shape.touches([mx, my, mx, my]) && pen.isPointInPath(shape.path(scale), mx, my);
    return {
      cluster: mark?.cluster ?? null,
      country: this.ground?.world.countries.find(holds) ?? null,
      dispute: this.ground?.disputes.find(holds) ?? null,
    };
  }
}

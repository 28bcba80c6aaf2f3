/** The picture of a network on sigma's canvases: made once, filled anew when the network, the theme or the focus changes. */

import Graph from "graphology";
import Sigma from "sigma";
import { EdgeRectangleProgram } from "sigma/rendering";
import { letterOf, shortOf, signOf, type Edge, type Network, type Node } from "./answer";
import { sizeOf, widthOf, type Places } from "./layout";
import { drawNames, type Named } from "./lettering";
import { DashedEdge, RingedNode } from "./strokes";
import { mixed, readTints, type Tints } from "./tints";

export interface Wishes {
  onNode: (id: string) => void;
  onEdge: (source: string, target: string) => void;
  onEmpty: () => void;
}
type Values = Record<string, unknown>;

export class Drawing {
  readonly #host: HTMLElement;
  readonly #sigma: Sigma;
  readonly #names: CanvasRenderingContext2D;
  readonly #graph = new Graph({ type: "undirected" });
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #tints: Tints = readTints();
  #hovered: string | undefined;
  #chosen: string | undefined;
  #near = new Set<string>();
  #scale = 1; // smaller on narrow screens
  #order: string[] = []; // of nodes, the largest first

  /** Draw into an element. Throws where there is no WebGL. */
  constructor(host: HTMLElement, wishes: Wishes) {
    this.#host = host;
    this.#sigma = new Sigma(this.#graph, host, {
      defaultNodeType: "ringed",
      nodeProgramClasses: { ringed: RingedNode },
      edgeProgramClasses: { solid: EdgeRectangleProgram, dashed: DashedEdge },
      defaultDrawNodeHover: (context, data) => this.#drawHover(context, data),
      renderLabels: false, // see lettering.ts
      enableEdgeEvents: true,
      stagePadding: 44,
      minEdgeThickness: 0.7,
      minCameraRatio: 0.08,
      maxCameraRatio: 2.5,
      zIndex: true,
      allowInvalidContainer: true,
      nodeReducer: (id, data) => this.#nodeNow(id, data),
      edgeReducer: (id, data) => this.#edgeNow(id, data),
    });
    this.#sigma.createCanvasContext("names", { style: { pointerEvents: "none" } });
    this.#sigma.resize(true);
    this.#names = this.#sigma.getCanvases().names!.getContext("2d")!;
    this.#sigma.on("afterRender", () => this.#drawNames());
    this.#listen(wishes);
  }

  #listen(wishes: Wishes): void {
    const sigma = this.#sigma;
    sigma.on("enterNode", ({ node }) => this.#hover(node));
    sigma.on("leaveNode", () => this.#hover(undefined));
    sigma.on("enterEdge", () => (this.#host.style.cursor = "pointer"));
    sigma.on("leaveEdge", () => (this.#host.style.cursor = ""));
    sigma.on("clickNode", ({ node }) => wishes.onNode(node));
    sigma.on("clickEdge", ({ edge }) => wishes.onEdge(this.#graph.source(edge), this.#graph.target(edge)));
    sigma.on("clickStage", () => wishes.onEmpty());
  }

  /** Show a network with each node at its place, the same in whatever part of the whole; nodes without one are left out. */
  show(network: Network, places: Places): void {
    const { width, height } = this.#host.getBoundingClientRect();
    const wider = Math.max(0.6, Math.min(2, width / (height || 1)));
    this.#frame(places, wider);
    this.#scale = Math.max(0.55, Math.min(1, width / 620));
    this.#graph.clear();
    for (const node of network.nodes) {
      const place = places.get(node.id);
      if (place) this.#graph.addNode(node.id, { x: place.x * wider, y: place.y, ...this.#disc(node) });
    }
    for (const edge of network.edges)
      if (this.#graph.hasNode(edge.source) && this.#graph.hasNode(edge.target))
        this.#graph.addEdge(edge.source, edge.target, this.#line(edge));
    const size = (id: string) => this.#graph.getNodeAttribute(id, "size") as number;
    this.#order = this.#graph.nodes().sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
    this.#focus();
  }

  #frame(places: Places, wider: number): void {
    const all = [...places.values()];
    if (!all.length) return;
    const extent = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
    this.#sigma.setCustomBBox({ x: extent(all.map((p) => p.x * wider)), y: extent(all.map((p) => p.y)) });
  }

  #disc(node: Node): Values {
    const { camps, edge, node: color } = this.#tints;
    return {
      size: sizeOf(node.incidents) * this.#scale,
      short: shortOf(node.id),
      letter: node.community ? letterOf(node.community) : "",
      color,
      ring: node.community ? camps[(node.community - 1) % camps.length] : edge,
    };
  }

  #line(edge: Edge): Values {
    const sign = signOf(edge);
    const full = sign > 0 ? this.#tints.cooperation : sign < 0 ? this.#tints.conflict : this.#tints.even;
    return {
      size: widthOf(edge.incidents) * this.#scale,
      type: sign < 0 ? "dashed" : "solid",
      full,
      color: mixed(full, this.#tints.ground, edge.incidents > 1 ? 0.75 : 0.6),
      zIndex: edge.incidents,
    };
  }

  /** Keep one node and its neighbours in the foreground. */
  choose(id: string | undefined): void {
    this.#chosen = id;
    this.#focus();
  }

  /** Read the colours of the theme again; `show` has to follow. */
  retint(): void {
    this.#tints = readTints();
  }

  zoom(by: "in" | "out" | "all"): void {
    const camera = this.#sigma.getCamera();
    const options = { duration: this.#still.matches ? 1 : 200 };
    if (by === "in") void camera.animatedZoom(options);
    else if (by === "out") void camera.animatedUnzoom(options);
    else void camera.animatedReset(options);
  }

  end(): void {
    this.#sigma.kill();
  }

  #hover(id: string | undefined): void {
    this.#hovered = id;
    this.#host.style.cursor = id ? "pointer" : "";
    this.#focus();
  }

  get #centre(): string | undefined {
    return [this.#hovered, this.#chosen].find((id) => id !== undefined && this.#graph.hasNode(id));
  }

  #focus(): void {
    const centre = this.#centre;
    this.#near = new Set(centre === undefined ? [] : [centre, ...this.#graph.neighbors(centre)]);
    this.#sigma.refresh();
  }

  #nodeNow(id: string, data: Values): Values {
    const centre = this.#centre;
    if (centre === undefined) return data;
    if (this.#near.has(id)) return { ...data, zIndex: 1, highlighted: id === this.#chosen };
    return { ...data, color: this.#tints.faint, ring: this.#tints.faint, zIndex: 0 };
  }

  #edgeNow(id: string, data: Values): Values {
    const centre = this.#centre;
    if (centre === undefined) return data;
    return this.#graph.hasExtremity(id, centre) ? { ...data, color: data.full } : { ...data, hidden: true };
  }

  #drawHover(
    context: CanvasRenderingContext2D,
    { x, y, size }: { x: number; y: number; size: number },
  ): void {
    context.beginPath();
    context.arc(x, y, size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = this.#tints.ink;
    context.stroke();
  }

  #drawNames(): void {
    const centre = this.#centre;
    const ids = this.#order.filter((id) => centre === undefined || this.#near.has(id));
    if (centre !== undefined) ids.sort((a, b) => Number(b === centre) - Number(a === centre));
    const named = ids.flatMap((id): Named[] => {
      const data = this.#sigma.getNodeDisplayData(id) as (Values & { x: number; y: number; size: number }) | undefined; // prettier-ignore
      if (!data) return [];
      const { x, y } = this.#sigma.framedGraphToViewport(data);
      const own = this.#graph.getNodeAttributes(id);
      const size = this.#sigma.scaleSize(data.size);
      return [{ x, y, size, label: own.short as string, letter: own.letter as string, must: id === centre }];
    });
    drawNames(this.#names, named, this.#tints);
  }
}

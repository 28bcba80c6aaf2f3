/** The picture of a network on sigma's canvases: made once, filled anew when the network, the theme or the focus changes. */

import Graph from "graphology";
import Sigma from "sigma";
import { EdgeRectangleProgram } from "sigma/rendering";
import { letterOf, nameOf, signOf, type Edge, type Network } from "./answer";
import { sizeOf, widthOf, type Places } from "./layout";
import { drawHover, drawLabel } from "./lettering";
import { DashedEdge, RingedNode } from "./strokes";
import { mixed, readTints, type Tints } from "./tints";

export interface Wishes {
  onNode: (id: string) => void;
  onEdge: (source: string, target: string) => void;
  onEmpty: () => void;
}

export class Drawing {
  readonly #sigma: Sigma;
  readonly #graph = new Graph({ type: "undirected" });
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #tints: Tints = readTints();
  #hovered: string | undefined;
  #chosen: string | undefined;
  #near = new Set<string>();

  /** Draw into an element. Throws where there is no WebGL. */
  constructor(host: HTMLElement, wishes: Wishes) {
    this.#sigma = new Sigma(this.#graph, host, {
      defaultNodeType: "ringed",
      nodeProgramClasses: { ringed: RingedNode },
      edgeProgramClasses: { solid: EdgeRectangleProgram, dashed: DashedEdge },
      defaultDrawNodeLabel: (context, data) => drawLabel(context, data, this.#tints),
      defaultDrawNodeHover: (context, data) => drawHover(context, data, this.#tints),
      enableEdgeEvents: true,
      labelDensity: 1.6,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 5,
      stagePadding: 48,
      minEdgeThickness: 0.7,
      minCameraRatio: 0.08,
      maxCameraRatio: 2.5,
      zIndex: true,
      allowInvalidContainer: true,
      nodeReducer: (id, data) => this.#nodeNow(id, data),
      edgeReducer: (id, data) => this.#edgeNow(id, data),
    });
    this.#sigma.on("enterNode", ({ node }) => this.#hover(node, host));
    this.#sigma.on("leaveNode", () => this.#hover(undefined, host));
    this.#sigma.on("enterEdge", () => (host.style.cursor = "pointer"));
    this.#sigma.on("leaveEdge", () => (host.style.cursor = ""));
    this.#sigma.on("clickNode", ({ node }) => wishes.onNode(node));
    this.#sigma.on("clickEdge", ({ edge }) =>
      wishes.onEdge(this.#graph.source(edge), this.#graph.target(edge)),
    );
    this.#sigma.on("clickStage", () => wishes.onEmpty());
  }

  /** Show a network with each node at its place; nodes without one are left out. */
  show(network: Network, places: Places): void {
    this.#graph.clear();
    const tints = this.#tints;
    for (const node of network.nodes) {
      const place = places.get(node.id);
      if (!place) continue;
      this.#graph.addNode(node.id, {
        ...place,
        size: sizeOf(node.incidents),
        label: nameOf(node.id),
        letter: node.community ? letterOf(node.community) : "",
        color: tints.node,
        ring: node.community ? tints.camps[(node.community - 1) % tints.camps.length] : tints.edge,
      });
    }
    for (const edge of network.edges) {
      if (!this.#graph.hasNode(edge.source) || !this.#graph.hasNode(edge.target)) continue;
      this.#graph.addEdge(edge.source, edge.target, this.#look(edge));
    }
    this.#focus();
  }

  #look(edge: Edge) {
    const sign = signOf(edge);
    const full = sign > 0 ? this.#tints.cooperation : sign < 0 ? this.#tints.conflict : this.#tints.even;
    return {
      size: widthOf(edge.incidents),
      type: sign < 0 ? "dashed" : "solid",
      full,
      color: mixed(full, this.#tints.ground, edge.incidents > 1 ? 0.62 : 0.42),
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
    const options = { duration: this.#still.matches ? 0 : 200 };
    if (by === "in") void camera.animatedZoom(options);
    else if (by === "out") void camera.animatedUnzoom(options);
    else void camera.animatedReset(options);
  }

  end(): void {
    this.#sigma.kill();
  }

  #hover(id: string | undefined, host: HTMLElement): void {
    this.#hovered = id;
    host.style.cursor = id ? "pointer" : "";
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

  #nodeNow(id: string, data: Record<string, unknown>): Record<string, unknown> {
    const centre = this.#centre;
    if (centre === undefined) return data;
    if (!this.#near.has(id))
      return {
        ...data,
        color: this.#tints.faint,
        ring: this.#tints.faint,
        label: null,
        letter: "",
        zIndex: 0,
      };
    return { ...data, zIndex: 1, forceLabel: true, highlighted: id === centre && id === this.#chosen };
  }

  #edgeNow(id: string, data: Record<string, unknown>): Record<string, unknown> {
    const centre = this.#centre;
    if (centre === undefined) return data;
    return this.#graph.hasExtremity(id, centre) ? { ...data, color: data.full } : { ...data, hidden: true };
  }
}

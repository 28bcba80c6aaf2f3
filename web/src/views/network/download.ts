/** The network as files, made from the answer that is shown. */

import type { Network } from "./answer";

const NODE_KEYS: [string, string][] = [["incidents", "long"], ["cooperation", "double"], ["conflict", "double"], ["community", "long"]]; // prettier-ignore
const EDGE_KEYS: [string, string][] = [
  ["weight", "double"], ["incidents", "long"], ["intensity", "double"],
  ["quad_1", "long"], ["quad_2", "long"], ["quad_3", "long"], ["quad_4", "long"],
]; // prettier-ignore

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]!);

/** The network as GraphML, for Gephi, igraph and networkx, with the attributes that `dragoman network` writes. */
export function toGraphml(network: Network): string {
  const keys = (of: string, names: [string, string][]) =>
    names.map(([n, type]) => `  <key id="${of}_${n}" for="${of}" attr.name="${n}" attr.type="${type}"/>`);
  const data = (of: string, names: [string, string][], row: object) =>
    names
      .map(([n]): [string, unknown] => [n, (row as Record<string, unknown>)[n]])
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([n, value]) => `<data key="${of}_${n}">${escaped(String(value))}</data>`)
      .join("");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys("node", NODE_KEYS),
    ...keys("edge", EDGE_KEYS),
    '  <graph edgedefault="undirected">',
    ...network.nodes.map((n) => `    <node id="${escaped(n.id)}">${data("node", NODE_KEYS, n)}</node>`),
    ...network.edges.map(
      (e) =>
        `    <edge source="${escaped(e.source)}" target="${escaped(e.target)}">${data("edge", EDGE_KEYS, e)}</edge>`,
    ),
    "  </graph>",
    "</graphml>",
    "",
  ].join("\n");
}

/** The name of a file says period and nodes: network-2020-01-01-2020-12-31-country.graphml. */
export function fileName(network: Network, ending: string): string {
  const { since, until, by } = network.graph;
  return `${["network", since, until, by].filter(Boolean).join("-")}.${ending}`;
}

/** Let the browser save a text as a file. */
export function save(text: string, name: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

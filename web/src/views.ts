/** The views: their addresses, names and keys; a view is loaded when it is first opened. */

import type { Component } from "svelte";

type Loaded = Promise<{ default: Component<{ id: string }> }>;

export interface View {
  path: string;
  name: string;
  /** Pressed after "g". */
  key: string;
  /** An SVG path on a grid of 24. */
  icon: string;
  load: () => Loaded;
}

export const VIEWS: readonly View[] = [
  { path: "/", name: "Now", key: "n", icon: "M4 6h16M4 12h16M4 18h10", load: () => import("./views/now/Now.svelte") },
  { path: "/relations", name: "Relations", key: "r", icon: "M3 17l5-6 4 4 4-8 5 5", load: () => import("./views/relations/Relations.svelte") },
  { path: "/map", name: "Map", key: "m", icon: "M12 21s7-6.5 7-11.5A7 7 0 0 0 5 9.5C5 14.5 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z", load: () => import("./views/map/Map.svelte") },
  { path: "/network", name: "Network", key: "w", icon: "M6 7l6 10M18 7l-6 10M7 6h10M6 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4z", load: () => import("./views/network/Network.svelte") },
  { path: "/search", name: "Search", key: "s", icon: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5", load: () => import("./views/search/Search.svelte") },
  { path: "/alerts", name: "Alerts", key: "a", icon: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4", load: () => import("./views/alerts/Alerts.svelte") },
  { path: "/coverage", name: "Coverage", key: "c", icon: "M4 20V10M10 20V4M16 20v-8M21 20H3", load: () => import("./views/coverage/Coverage.svelte") },
  { path: "/reviews", name: "Reviews", key: "v", icon: "M4 12l5 5L20 6", load: () => import("./views/reviews/Reviews.svelte") },
]; // prettier-ignore

const WITH_ID: readonly { path: string; name: string; load: () => Loaded }[] = [
  { path: "/incidents/", name: "Incident", load: () => import("./views/incident/Incident.svelte") },
  { path: "/articles/", name: "Article", load: () => import("./views/reader/Reader.svelte") },
];

/** The view of an address and the id in it; undefined where there is none. */
export function viewOf(path: string): { name: string; id: string; load: () => Loaded } | undefined {
  const plain = VIEWS.find((view) => view.path === path);
  if (plain) return { ...plain, id: "" };
  const own = WITH_ID.find((view) => path.startsWith(view.path) && path.length > view.path.length);
  return own && { ...own, id: path.slice(own.path.length) };
}

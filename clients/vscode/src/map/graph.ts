/** The graph that the map draws: entries on the left, what is stored or called on the right. Pure. */

import type { Edge, Part, ServiceMap } from "../protocol";

/** A part where it is drawn; a queue that is consumed stands at the left a second time, as an entry. */
export interface Drawn {
  key: string;
  part: Part;
  column: number;
}

export interface Graph {
  nodes: Drawn[];
  edges: { from: string; to: string; label: string }[];
}

const STORES = new Set<Part["kind"]>(["table", "queue", "topic", "external"]);
const entry = (id: string) => `in:${id}`;

/** Puts each part of a map into its column: endpoints, functions by depth, queries, the rest. */
export function graphOf(map: ServiceMap): Graph {
  const parts = new Map(map.nodes.map((part) => [part.id, part]));
  const edges = map.edges.filter((edge) => parts.has(edge.from) && parts.has(edge.to) && edge.from !== edge.to);
  const depths = depthsOf(map.nodes, edges);
  const deepest = Math.max(1, ...depths.values());
  const hasQueries = map.nodes.some((part) => part.kind === "query");
  const isStore = (id: string) => STORES.has(parts.get(id)?.kind ?? "function");
  const fedByStores = new Set(edges.filter((edge) => isStore(edge.from) && isStore(edge.to)).map((edge) => edge.to));
  const nodes: Drawn[] = [];
  for (const part of map.nodes) {
    const column = columnOf(part, depths, deepest, hasQueries) + (fedByStores.has(part.id) ? 1 : 0);
    const isConsumed = isStore(part.id) && edges.some((edge) => edge.from === part.id && !isStore(edge.to));
    const isFed = edges.some((edge) => edge.to === part.id);
    if (isConsumed) nodes.push({ key: entry(part.id), part, column: 0 });
    if (!isConsumed || isFed) nodes.push({ key: part.id, part, column });
  }
  const drawn = edges.map(({ from, to, label }) => {
    const isEntry = isStore(from) && !isStore(to);
    return { from: isEntry ? entry(from) : from, to, label: label ?? "" };
  });
  return { nodes, edges: drawn };
}

function columnOf(part: Part, depths: Map<string, number>, deepest: number, hasQueries: boolean): number {
  if (part.kind === "endpoint") return 0;
  if (part.kind === "function") return depths.get(part.id) ?? 1;
  if (part.kind === "query") return deepest + 1;
  return deepest + (hasQueries ? 2 : 1);
}

/** How deep each function lies beneath the entries: the longest way of calls, round trips aside. */
function depthsOf(parts: readonly Part[], edges: readonly Edge[]): Map<string, number> {
  const functions = new Set(parts.filter((part) => part.kind === "function").map((part) => part.id));
  const callers = new Map<string, string[]>();
  for (const edge of edges) {
    if (functions.has(edge.from) && functions.has(edge.to)) {
      callers.set(edge.to, [...(callers.get(edge.to) ?? []), edge.from]);
    }
  }
  const depths = new Map<string, number>();
  const depth = (id: string, above: Set<string>): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    above.add(id);
    const before = (callers.get(id) ?? []).filter((caller) => !above.has(caller));
    const found = 1 + Math.max(0, ...before.map((caller) => depth(caller, above)));
    above.delete(id);
    depths.set(id, found);
    return found;
  };
  for (const id of functions) depth(id, new Set());
  return depths;
}

/** Everything that leads to a part, and everything it leads to, itself included. */
export function chain(graph: Graph, key: string): Set<string> {
  const twin = key.startsWith("in:") ? key.slice(3) : entry(key);
  const starts = [key, twin].filter((one) => graph.nodes.some((node) => node.key === one));
  const up = reached(starts, graph.edges.map((edge) => [edge.to, edge.from]));
  const down = reached(starts, graph.edges.map((edge) => [edge.from, edge.to]));
  return new Set([...up, ...down]);
}

function reached(starts: readonly string[], edges: readonly (readonly [string, string])[]): Set<string> {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const found = new Set(starts);
  const waiting = [...starts];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const one of next.get(at) ?? []) {
      if (!found.has(one)) {
        found.add(one);
        waiting.push(one);
      }
    }
  }
  return found;
}

/** The part of a graph that is wanted, and the edges within it. */
export function only(graph: Graph, wanted: (node: Drawn) => boolean): Graph {
  const nodes = graph.nodes.filter(wanted);
  const keys = new Set(nodes.map((node) => node.key));
  return { nodes, edges: graph.edges.filter((edge) => keys.has(edge.from) && keys.has(edge.to)) };
}

/** The map: columns by kind and depth, entries for what is consumed, nothing upon another. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chain, graphOf, only } from "../src/map/graph";
import { HEIGHT, layout, spread } from "../src/map/layout";
import type { Part, ServiceMap } from "../src/protocol";

function part(id: string, kind: Part["kind"], group = "api"): Part {
  return { id, kind, label: id, group };
}

const MAP: ServiceMap = {
  nodes: [
    part("GET /orders", "endpoint"),
    part("load", "function"),
    part("helper", "function"),
    part("SELECT orders", "query"),
    part("orders", "table"),
    part("events", "topic"),
    part("jobs", "queue"),
    part("work", "function"),
  ],
  edges: [
    { from: "GET /orders", to: "load" },
    { from: "load", to: "helper" },
    { from: "helper", to: "SELECT orders" },
    { from: "SELECT orders", to: "orders" },
    { from: "load", to: "events" },
    { from: "events", to: "jobs" },
    { from: "jobs", to: "work" },
    { from: "work", to: "orders" },
    { from: "gone", to: "orders" },
  ],
};

test("each kind has its column, functions by their depth", () => {
  const columns = new Map(graphOf(MAP).nodes.map((node) => [node.key, node.column]));
  assert.equal(columns.get("GET /orders"), 0);
  assert.equal(columns.get("load"), 1);
  assert.equal(columns.get("helper"), 2);
  assert.equal(columns.get("SELECT orders"), 3);
  assert.equal(columns.get("orders"), 4);
  assert.equal(columns.get("events"), 4);
  assert.equal(columns.get("jobs"), 5);
});

test("a queue that is consumed is an entry too", () => {
  const graph = graphOf(MAP);
  assert.equal(graph.nodes.find((node) => node.key === "in:jobs")?.column, 0);
  assert.ok(graph.edges.some((edge) => edge.from === "in:jobs" && edge.to === "work"));
  assert.ok(!graph.edges.some((edge) => edge.from === "gone"));
});

test("functions that call each other in a ring have a depth", () => {
  const ring: ServiceMap = {
    nodes: [part("a", "function"), part("b", "function")],
    edges: [{ from: "a", to: "b" }, { from: "b", to: "a" }],
  };
  assert.equal(graphOf(ring).nodes.length, 2);
});

test("a chain follows what leads to a part and what it leads to, through a queue's two places", () => {
  const graph = graphOf(MAP);
  const lit = chain(graph, "helper");
  assert.deepEqual([...lit].sort(), ["GET /orders", "SELECT orders", "helper", "load", "orders"]);
  assert.ok(chain(graph, "jobs").has("work"));
});

test("only what is wanted stays, with the edges within it", () => {
  const graph = only(graphOf(MAP), (node) => node.part.kind === "function");
  assert.deepEqual(graph.edges, [{ from: "load", to: "helper", label: "" }]);
});

test("no two boxes lie upon each other, and projects stand one beneath the other", () => {
  const more = { ...MAP, nodes: [...MAP.nodes, part("POST /x", "endpoint", "zeta"), part("mail", "external", "zeta")] };
  const placed = layout(graphOf(more), (key) => 60 + key.length * 7);
  const boxes = [...placed.boxes.values()];
  for (const [at, one] of boxes.entries()) {
    for (const other of boxes.slice(at + 1)) {
      const apart = Math.abs(one.y - other.y) >= HEIGHT || one.x + one.width <= other.x || other.x + other.width <= one.x;
      assert.ok(apart, `${one.key} lies upon ${other.key}`);
    }
  }
  assert.deepEqual(placed.headings.map((heading) => heading.label), ["api", "zeta"]);
  const lowest = Math.max(...boxes.filter((box) => box.key !== "POST /x" && box.key !== "mail").map((box) => box.y));
  assert.ok((placed.boxes.get("POST /x")?.y ?? 0) > lowest);
});

test("places that collide are pushed apart as little as possible", () => {
  assert.deepEqual(spread([0, 0]), [-19, 19]);
  assert.deepEqual(spread([0, 100]), [0, 100]);
});

/** The tree: groups with something in them, findings by area, the worst first. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Overview } from "../src/protocol";
import { type Finding, items } from "../src/tree/items";

const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 5 } };
const OVERVIEW: Overview = {
  endpoints: [{ label: "GET /orders", uri: "file:///a.py", range, detail: "list_orders", findings: 2 }],
  queries: [],
  tables: [{ label: "orders", detail: "1 use", entries: [{ label: "SELECT orders", uri: "file:///a.py", range }] }],
  workloads: [],
  findings: [],
};

function finding(rule: string, severity: Finding["severity"], line: number): Finding {
  const at = { start: { line, character: 0 }, end: { line, character: 1 } };
  return { rule, message: `${rule}\nmore`, severity, uri: "file:///a.py", file: "a.py", range: at };
}

test("empty groups are left out", () => {
  assert.deepEqual(items(OVERVIEW, []).map((one) => [one.label, one.detail]), [["Endpoints", "1"], ["Tables", "1"]]);
  assert.deepEqual(items(undefined, []), []);
});

test("an endpoint tells its handler and its findings", () => {
  const [endpoint] = items(OVERVIEW, [])[0]?.children ?? [];
  assert.equal(endpoint?.detail, "list_orders · 2 findings");
  assert.equal(endpoint?.icon, "warning");
});

test("findings go by area, the worst first, in one line", () => {
  const [findings] = items(undefined, [finding("security/a", 1, 2), finding("api/b", 2, 1), finding("security/c", 0, 9)]);
  assert.deepEqual(findings?.children.map((one) => one.label), ["Api", "Security"]);
  assert.deepEqual(findings?.children[1]?.children.map((one) => one.label), ["security/c", "security/a"]);
  assert.equal(findings?.detail, "3");
});

test("ids tell items apart", () => {
  const all = items(OVERVIEW, [finding("api/b", 2, 1)]).flatMap((one) => [one, ...one.children]);
  assert.equal(new Set(all.map((one) => one.id)).size, all.length);
});

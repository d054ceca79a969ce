/** A proposal's edits make the text that the diff shows, in every kind of line end and script. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { edited, filesOf, type TextEdit } from "../src/proposals/edits";

function edit(line: number, from: number, endLine: number, to: number, newText: string): TextEdit {
  return { range: { start: { line, character: from }, end: { line: endLine, character: to } }, newText };
}

test("edits count from the text before, whatever their order", () => {
  const edits = [edit(0, 0, 0, 1, "A"), edit(2, 0, 2, 1, "C"), edit(1, 1, 1, 1, "!")];
  assert.equal(edited("a\nb\nc\n", edits), "A\nb!\nC\n");
});

test("carriage returns and characters of two units are counted as the protocol says", () => {
  assert.equal(edited("x = '😀' # ä\r\ny\r\n", [edit(0, 5, 0, 7, "ok"), edit(1, 0, 1, 1, "z")]), "x = 'ok' # ä\r\nz\r\n");
});

test("a place beyond the end is the end", () => {
  assert.equal(edited("a", [edit(9, 0, 9, 0, "b")]), "ab");
  assert.equal(edited("a\nb", [edit(0, 99, 0, 99, "!")]), "a\n!b");
});

test("both shapes of a workspace edit are understood", () => {
  const edits = [edit(0, 0, 0, 0, "x")];
  const versioned = { documentChanges: [{ textDocument: { uri: "file:///a", version: 3 }, edits }, { kind: "create" }] };
  assert.deepEqual(filesOf(versioned), [{ uri: "file:///a", version: 3, edits }]);
  assert.deepEqual(filesOf({ changes: { "file:///a": edits } }), [{ uri: "file:///a", version: null, edits }]);
  assert.deepEqual(filesOf(undefined), []);
});

/** Back-off, versions and what the status bar says. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { BackOff } from "../src/server/backoff";
import { dollars } from "../src/money";
import { shown } from "../src/server/state";
import { mismatch } from "../src/server/versions";

test("each crash in a row is waited for longer, until it is given up", () => {
  const backOff = new BackOff();
  const pauses = Array.from({ length: 8 }, () => backOff.after(100));
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 16000, 20000, undefined]);
});

test("a server that ran well for a while begins anew, and so does one restarted by hand", () => {
  const backOff = new BackOff();
  backOff.after(0);
  backOff.after(0);
  assert.equal(backOff.after(120_000), 500);
  backOff.reset();
  assert.equal(backOff.after(0), 500);
});

test("versions fit when their first two numbers do", () => {
  assert.equal(mismatch("0.1.0", "0.1.9"), undefined);
  assert.match(mismatch("0.2.0", "0.1.0") ?? "", /update the server/);
  assert.match(mismatch("0.1.0", "1.0.0") ?? "", /update the extension/);
  assert.match(mismatch("0.1.0", undefined) ?? "", /does not say/);
});

test("the status bar tells what the server does, and what models have cost", () => {
  const running = (state: "idle" | "checking" | "asking", cost?: number) =>
    shown({ kind: "running", version: "0.1.0", source: "PATH", status: { state, ...(cost && { cost }) } });
  assert.equal(running("idle").busy, false);
  assert.match(running("idle").tooltip, /Server 0\.1\.0 from PATH/);
  assert.match(running("asking", 0.0042).text, /\$0\.004$/);
  assert.equal(running("checking").busy, true);
  assert.equal(shown({ kind: "missing", looked: [] }).severity, "warning");
  assert.equal(shown({ kind: "failed", reason: "no" }).severity, "error");
  assert.match(shown({ kind: "waiting", seconds: 4 }).tooltip, /again in 4 s/);
});

test("money is told as people write it", () => {
  assert.deepEqual([0.0001, 0.0042, 0.25, 12].map(dollars), ["<$0.001", "$0.004", "$0.25", "$12.00"]);
});

/** An installation takes the wheels that came along, tidies up behind itself and says why it failed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { explained } from "../src/server/failures";
import { install, type Plan, type Ran, type World } from "../src/server/install";

const PLAN: Plan = { pythons: ["python3"], environment: "/storage/env", wheels: "/ext/wheels", version: "0.1.0" };
const WHEEL = "backend_expert_lsp-0.1.0-py3-none-any.whl";

class FakeWorld implements World {
  platform = "linux" as const;
  ran: string[] = [];
  removed: string[] = [];

  constructor(
    private readonly answers: (command: string) => Ran,
    private readonly files: string[] = [],
  ) {}

  async run(command: string, args: readonly string[]): Promise<Ran> {
    const line = [command, ...args].join(" ");
    this.ran.push(line);
    if (line.includes("version_info")) return this.answers(`version ${command}`);
    return this.answers(line);
  }

  async list(): Promise<string[]> {
    return this.files;
  }

  async remove(folder: string): Promise<void> {
    this.removed.push(folder);
  }
}

const fine = (line: string): Ran => ({ code: 0, output: line.startsWith("version") ? "3.12\n" : "" });
const silent = () => undefined;

test("without wheels the very version is asked of the index", async () => {
  const world = new FakeWorld(fine);
  assert.deepEqual(await install(PLAN, world, silent), { kind: "installed", environment: "/storage/env" });
  assert.match(world.ran[2] ?? "", /^\/storage\/env\/bin\/python -I -m pip install .* backend-expert-lsp==0\.1\.0$/);
});

test("the wheels that came along are enough where they are whole", async () => {
  const world = new FakeWorld(fine, [WHEEL, "pygls-2.1.1-py3-none-any.whl"]);
  await install(PLAN, world, silent);
  assert.equal(world.ran.length, 3);
  assert.match(world.ran[2] ?? "", /--no-index --find-links \/ext\/wheels \/ext\/wheels\/backend_expert_lsp/);
});

test("what the wheels lack comes from the index", async () => {
  const world = new FakeWorld((line) => (line.includes("--no-index") ? { code: 1, output: "no" } : fine(line)), [WHEEL]);
  assert.equal((await install(PLAN, world, silent)).kind, "installed");
  assert.doesNotMatch(world.ran[3] ?? "", /--no-index/);
});

test("a failure takes away what was begun and says what to do", async () => {
  const world = new FakeWorld((line) =>
    line.includes("pip install") ? { code: 1, output: "Temporary failure in name resolution" } : fine(line),
  );
  const done = await install(PLAN, world, silent);
  assert.equal(done.kind, "failed");
  assert.match(done.kind === "failed" ? done.reason : "", /could not be reached/);
  assert.deepEqual(world.removed, ["/storage/env"]);
});

test("an old Python is named", async () => {
  const world = new FakeWorld(() => ({ code: 0, output: "3.9" }));
  const done = await install(PLAN, world, silent);
  assert.deepEqual(done, { kind: "failed", reason: "Python 3.11 or later is needed: python3 is 3.9." });
});

test("the first Python that is new enough makes the environment", async () => {
  const world = new FakeWorld((line) => (line === "version old" ? { code: 0, output: "3.10" } : fine(line)));
  await install({ ...PLAN, pythons: ["old", "/usr/bin/python3.12"] }, world, silent);
  assert.match(world.ran[2] ?? "", /^\/usr\/bin\/python3\.12 -m venv/);
});

test("what tools print becomes words for people", () => {
  const told: [string, RegExp][] = [
    ["Error: Command '... ensurepip' returned non-zero", /python3-venv/],
    ["ERROR: No matching distribution found for x", /no package of the server/],
    ["OSError: [Errno 28] No space left on device", /no space/],
    ["something\nERROR: the last line", /^the last line$/],
    ["", /without a word/],
  ];
  for (const [output, words] of told) assert.match(explained(output), words);
});

/** Installing the server into a virtual environment of the extension's own. */

import * as path from "node:path";
import { explained } from "./failures";
import { inEnvironment } from "./locate";

export interface Ran {
  code: number;
  output: string;
}

/** The outside world, as far as an installation needs it. */
export interface World {
  platform: NodeJS.Platform;
  /** Runs a program to its end; code -1 when it cannot be started. */
  run(command: string, args: readonly string[]): Promise<Ran>;
  /** The names of the files in a folder; none when there is no folder. */
  list(folder: string): Promise<string[]>;
  remove(folder: string): Promise<void>;
}

export interface Plan {
  /** Pythons to try, best first. */
  pythons: readonly string[];
  /** The folder to make. */
  environment: string;
  /** The folder of the wheels that came with the extension. */
  wheels: string;
  version: string;
}

export type Installed = { kind: "installed"; environment: string } | { kind: "failed"; reason: string };

const DISTRIBUTION = "backend-expert-lsp";
const WHEEL = /^backend_expert_lsp-.*\.whl$/;
const OLDEST = [3, 11] as const;

/** Makes the environment. What was begun is taken away again when it fails. */
export async function install(plan: Plan, world: World, say: (step: string) => void): Promise<Installed> {
  say("Looking for Python");
  const python = await pythonOf(plan.pythons, world);
  if (typeof python !== "string") return { kind: "failed", reason: python.reason };
  say("Making an environment");
  const made = await world.run(python, ["-m", "venv", plan.environment]);
  if (made.code !== 0) return given(up(plan, world), made.output);
  const inside = inEnvironment(plan.environment, world.platform === "win32" ? "python.exe" : "python", world.platform);
  let last = "";
  for (const [step, from] of sources(plan, await world.list(plan.wheels))) {
    say(step);
    const args = ["-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", ...from];
    const done = await world.run(inside, args);
    if (done.code === 0) return { kind: "installed", environment: plan.environment };
    last = done.output;
  }
  return given(up(plan, world), last);
}

/** Where the server may come from: the wheels alone, the wheel with the index's help, the index. */
function sources(plan: Plan, files: readonly string[]): [string, string[]][] {
  const wheel = files.find((file) => WHEEL.test(file));
  if (!wheel) return [["Downloading the server", [`${DISTRIBUTION}==${plan.version}`]]];
  const own = path.join(plan.wheels, wheel);
  return [
    ["Installing what came with the extension", ["--no-index", "--find-links", plan.wheels, own]],
    ["Downloading what the server needs", ["--find-links", plan.wheels, own]],
  ];
}

/** The first Python that is new enough. */
export async function pythonOf(pythons: readonly string[], world: World): Promise<string | { reason: string }> {
  const seen: string[] = [];
  for (const python of pythons) {
    const told = await world.run(python, ["-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const version = told.code === 0 ? /(\d+)\.(\d+)/.exec(told.output) : null;
    if (!version) continue;
    const [major, minor] = [Number(version[1]), Number(version[2])];
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return python;
    seen.push(`${python} is ${version[0]}`);
  }
  const wanted = `Python ${OLDEST.join(".")} or later is needed`;
  return { reason: seen.length ? `${wanted}: ${seen.join(", ")}.` : `${wanted}, and none was found.` };
}

async function up(plan: Plan, world: World): Promise<void> {
  await world.remove(plan.environment);
}

async function given(gone: Promise<void>, output: string): Promise<Installed> {
  await gone;
  return { kind: "failed", reason: explained(output) };
}

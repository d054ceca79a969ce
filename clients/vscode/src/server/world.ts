/** The outside world: programs and folders, by node's own means. */

import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { World } from "./install";

const PATIENCE = 10 * 60_000;

/** Whether a file can be started. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The world as it is; what programs print goes to `log` too. `folder` is where they run. */
export function world(folder: string, log: (text: string) => void, stop: AbortSignal): World {
  return {
    platform: process.platform,
    run: (command, args) => {
      log(`> ${[command, ...args].join(" ")}`);
      return new Promise((resolve) => {
        const options = { cwd: folder, timeout: PATIENCE, maxBuffer: 1 << 24, signal: stop, windowsHide: true };
        execFile(command, [...args], options, (error, stdout, stderr) => {
          const output = `${stdout}${stderr}`;
          if (output.trim()) log(output.trimEnd());
          if (!error) return resolve({ code: 0, output });
          const code = typeof error.code === "number" ? error.code : -1;
          resolve({ code, output: output.trim() ? output : error.message });
        });
      });
    },
    list: (at) => fs.readdir(at).catch(() => []),
    remove: (at) => fs.rm(at, { recursive: true, force: true }),
  };
}

/** The Pythons that a machine may have, best first. */
export function pythons(first: readonly (string | undefined)[]): string[] {
  const usual = process.platform === "win32" ? ["py", "python"] : ["python3", "python"];
  const exact = ["python3.14", "python3.13", "python3.12", "python3.11"];
  return [...first.filter((one): one is string => !!one && path.isAbsolute(one)), ...usual, ...exact];
}

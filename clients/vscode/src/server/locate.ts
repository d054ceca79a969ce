/** Finding the server: which program to start, and where was looked when there is none. */

import * as path from "node:path";

/** What is known when the server is looked for. Paths are absolute. */
export interface Wishes {
  /** The person's own setting, empty when there is none. */
  configured: string;
  /** Whether programs that lie in the workspace may be started. */
  trusted: boolean;
  /** The workspace's selected Python interpreter. */
  interpreter?: string | undefined;
  folders: readonly string[];
  /** The folders of PATH. */
  path: readonly string[];
  /** The private environment that the extension has made, if it has. */
  environment?: string | undefined;
  home: string;
  platform: NodeJS.Platform;
}

export type Source = "setting" | "interpreter" | "workspace" | "path" | "private";

export type Located =
  | { kind: "found"; command: string; source: Source }
  | { kind: "missing"; looked: string[]; complaint?: string };

export type IsProgram = (file: string) => Promise<boolean>;

/** How a source is told to a person. */
export const SOURCES: Record<Source, string> = {
  setting: "your setting",
  interpreter: "the selected Python interpreter",
  workspace: "the workspace's .venv",
  path: "PATH",
  private: "the extension's own environment",
};

/**
 * Looks for the server: the setting; the selected interpreter; `.venv` of a folder; PATH; the
 * extension's own environment. A setting that leads nowhere is said and not passed over. Nothing
 * that lies in the workspace is started before the person trusts it.
 */
export async function locate(wishes: Wishes, isProgram: IsProgram): Promise<Located> {
  if (wishes.configured) {
    const command = expanded(wishes.configured, wishes.home);
    if (path.isAbsolute(command) && (await isProgram(command))) {
      return { kind: "found", command, source: "setting" };
    }
    const complaint = path.isAbsolute(command)
      ? `The setting backendExpert.server.path leads to ${command}, which is no program.`
      : `The setting backendExpert.server.path must be an absolute path, not ${command}.`;
    return { kind: "missing", looked: [command], complaint };
  }
  const looked: string[] = [];
  for (const [source, command] of candidates(wishes)) {
    if (!looked.includes(command)) {
      looked.push(command);
      if (await isProgram(command)) return { kind: "found", command, source };
    }
  }
  return { kind: "missing", looked };
}

function* candidates(wishes: Wishes): Generator<[Source, string]> {
  const { folders, trusted, platform } = wishes;
  const inside = (file: string) => folders.some((folder) => holds(folder, file));
  if (wishes.interpreter && (trusted || !inside(wishes.interpreter))) {
    yield ["interpreter", path.join(path.dirname(wishes.interpreter), program(platform))];
  }
  for (const folder of trusted ? folders : []) {
    yield ["workspace", inEnvironment(path.join(folder, ".venv"), program(platform), platform)];
  }
  for (const folder of wishes.path) {
    if (path.isAbsolute(folder) && (trusted || !inside(folder))) {
      yield ["path", path.join(folder, program(platform))];
    }
  }
  if (wishes.environment) {
    yield ["private", inEnvironment(wishes.environment, program(platform), platform)];
  }
}

/** The file of a program in a virtual environment. */
export function inEnvironment(root: string, file: string, platform: NodeJS.Platform): string {
  return path.join(root, platform === "win32" ? "Scripts" : "bin", file);
}

function program(platform: NodeJS.Platform): string {
  return platform === "win32" ? "backend-expert.exe" : "backend-expert";
}

function holds(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way));
}

function expanded(setting: string, home: string): string {
  return setting === "~" || /^~[\\/]/.test(setting) ? path.join(home, setting.slice(1)) : setting;
}

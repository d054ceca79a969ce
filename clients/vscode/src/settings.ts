/** Settings: what the person has set, as the server wants it. */

import * as vscode from "vscode";
import type { ModelChoice } from "./protocol";

export const SECTION = "backendExpert";

/** A setting as VS Code tells of it. */
export interface Inspected {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

/** The value that a person has set; undefined where only the default stands. */
export function explicit(found: Inspected | undefined): unknown {
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}

/**
 * What the server may know: the settings of checks, and of them those that were set. A default
 * sent along would stand above the project's own settings file.
 */
export function checkSettings(names: readonly string[], scope?: vscode.Uri): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const value = explicit(settings.inspect(name));
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** The names of the settings that the server reads, from the extension's manifest. */
export function serverSettings(manifest: Manifest): string[] {
  const sections = manifest.contributes.configuration.filter((one) => SERVER_SECTIONS.has(one.title));
  return sections.flatMap((one) => Object.keys(one.properties).map((key) => key.slice(SECTION.length + 1)));
}

const SERVER_SECTIONS = new Set(["Checks", "Editor"]);

export interface Manifest {
  version: string;
  contributes: { configuration: { title: string; properties: Record<string, unknown> }[] };
}

/** What a window that trusts nothing says: no model, whatever the environment offers. */
const OFFLINE: ModelChoice = { provider: "offline" };

/** The person's choice of model; undefined where their settings file and environment decide. */
export function modelChoice(key: string | undefined): ModelChoice | undefined {
  if (!vscode.workspace.isTrusted) return OFFLINE;
  const settings = vscode.workspace.getConfiguration(SECTION);
  const provider = text(settings.get("model.provider"));
  if (!isProvider(provider)) return key ? { apiKey: key } : undefined;
  if (provider === "offline") return OFFLINE;
  const choice: ModelChoice = { provider };
  for (const [setting, name] of DETAILS) {
    const value = text(settings.get(`model.${setting}`));
    if (value) choice[name] = value;
  }
  if (key && provider !== "editor") choice.apiKey = key;
  return choice;
}

const PROVIDERS: readonly string[] = ["offline", "anthropic", "bedrock", "vertex", "foundry", "editor"];
const DETAILS = [
  ["name", "model"],
  ["baseUrl", "baseUrl"],
  ["region", "region"],
  ["project", "project"],
  ["resource", "resource"],
  ["profile", "profile"],
] as const;

function isProvider(word: string): word is NonNullable<ModelChoice["provider"]> {
  return PROVIDERS.includes(word);
}

/** A setting that is a text, without blanks around it. */
export function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

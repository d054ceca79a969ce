/** Selecting the model that answers: none, or one behind a key or an address. */

import * as vscode from "vscode";
import type { Key } from "../key";
import { canLend, lendable } from "./lent";
import { SECTION, text } from "../settings";

interface Choice extends vscode.QuickPickItem {
  provider: string;
  wantsKey?: boolean;
  wantsAddress?: boolean;
  /** Its model is one of the editor's. */
  isLent?: boolean;
}

const CHOICES: Choice[] = [
  { label: "$(settings-gear) Automatic", description: "as your own settings file and environment say", provider: "automatic" },
  { label: "$(shield) Offline", description: "answers from facts alone; nothing leaves this machine", provider: "offline" },
  { label: "$(key) Anthropic", description: "with your own API key", provider: "anthropic", wantsKey: true },
  {
    label: "$(server) Gateway or local server",
    description: "an address that speaks the Messages API",
    provider: "anthropic",
    wantsAddress: true,
  },
  { label: "$(cloud) Amazon Bedrock", description: "with your AWS credentials", provider: "bedrock" },
  { label: "$(cloud) Google Vertex AI", description: "with your Google credentials", provider: "vertex" },
  { label: "$(cloud) Microsoft Foundry", description: "with your own API key", provider: "foundry", wantsKey: true },
];

/** Offered where the editor has an interface to models. */
const OWN: Choice = {
  label: "$(sparkle) The editor's own model",
  description: "if you have one here",
  provider: "editor",
  isLent: true,
};

/** Asks, and keeps the choice in the person's own settings. */
export async function selectModel(key: Key): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage("Backend Expert: in a workspace that is not trusted no model is used.");
    return;
  }
  const settings = vscode.workspace.getConfiguration(SECTION);
  const now = text(settings.get("model.provider"));
  const choices = canLend() ? [...CHOICES, OWN] : CHOICES;
  const choice = await vscode.window.showQuickPick(choices, {
    title: `Model of the backend expert (now: ${describedModel()})`,
    placeHolder: "A model is asked only when you ask it",
  });
  if (!choice) return;
  const address = choice.wantsAddress ? await askAddress(text(settings.get("model.baseUrl"))) : "";
  if (address === undefined) return;
  if (choice.wantsKey && !(await key.get()) && !(await key.ask())) return;
  const lent = choice.isLent ? await askLent() : "";
  if (lent === undefined) return;
  const isOther = choice.provider !== now;
  await update(settings, "model.baseUrl", address || undefined);
  if (isOther || choice.isLent) await update(settings, "model.name", lent || undefined);
  await update(settings, "model.provider", choice.provider);
}

/** The model that answers now, for people. */
export function describedModel(): string {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const provider = text(settings.get("model.provider"));
  if (!vscode.workspace.isTrusted || provider === "offline") return "offline";
  return text(settings.get("model.name")) || provider || "automatic";
}

/** Which of the editor's models; empty where it has but one, undefined for none. */
async function askLent(): Promise<string | undefined> {
  const models = await lendable();
  if (!models.length) {
    void vscode.window.showInformationMessage(
      "Backend Expert: this editor has no language model now. An extension that brings one has to be installed and signed in.",
    );
    return undefined;
  }
  if (models.length === 1) return "";
  const items = models.map(({ id, name, vendor }) => ({ label: name || id, description: vendor, id }));
  return (await vscode.window.showQuickPick(items, { title: "The editor's models" }))?.id;
}

function askAddress(now: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: "Address of the server",
    value: now || "http://localhost:8080",
    ignoreFocusOut: true,
    validateInput: (value) => (/^https?:\/\/\S+$/.test(value.trim()) ? undefined : "An address begins with http:// or https://"),
  });
}

async function update(settings: vscode.WorkspaceConfiguration, name: string, value: unknown): Promise<void> {
  if (settings.get(name) !== value) await settings.update(name, value, vscode.ConfigurationTarget.Global);
}

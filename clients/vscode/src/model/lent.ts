/** Lending the editor's own language model to the server, which has the request go through its gate. */

import * as vscode from "vscode";
import type { Completed, Completion } from "../protocol";
import { SECTION, text } from "../settings";

/** Whether this editor has an interface to language models at all. */
export function canLend(): boolean {
  return typeof vscode.lm?.selectChatModels === "function";
}

/** The models that the editor has now. */
export async function lendable(): Promise<readonly vscode.LanguageModelChat[]> {
  return canLend() ? vscode.lm.selectChatModels() : [];
}

/**
 * Asks the editor's model that the person has named, else the first; `say` gets the answer in parts.
 * It ends when the token is cancelled, whatever the model does. What goes wrong is thrown in words
 * for people.
 */
export async function complete(
  asked: Completion,
  say: (text: string) => void,
  token: vscode.CancellationToken,
): Promise<Completed> {
  const model = await chosen();
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  const messages = asked.messages.map(({ role, text }) => (role === "user" ? User(text) : Assistant(text)));
  const options = { justification: "You have asked the backend expert." };
  try {
    await Promise.race([told(model.sendRequest(messages, options, token), say, token), cancelled(token)]);
  } catch (error) {
    throw token.isCancellationRequested ? new vscode.CancellationError() : new Error(refusal(error, model.name));
  }
  return { model: model.name };
}

async function chosen(): Promise<vscode.LanguageModelChat> {
  const name = text(vscode.workspace.getConfiguration(SECTION).get("model.name"));
  const models = await lendable();
  const model = name ? models.find(({ id, family, name: title }) => [id, family, title].includes(name)) : models[0];
  if (model) return model;
  throw new Error(models.length ? `this editor has no model ${name}` : "this editor has no language model now");
}

async function told(
  coming: Thenable<vscode.LanguageModelChatResponse>,
  say: (text: string) => void,
  token: vscode.CancellationToken,
): Promise<void> {
  for await (const part of (await coming).text) {
    if (token.isCancellationRequested) return;
    say(part);
  }
}

/** Fails when the token is cancelled: a model may go on all the same. */
function cancelled(token: vscode.CancellationToken): Promise<never> {
  return new Promise((_, reject) => token.onCancellationRequested(() => reject(new vscode.CancellationError())));
}

/** Why a model has not answered; an editor's own words for it name an extension by its id. */
function refusal(error: unknown, model: string): string {
  const code = error instanceof vscode.LanguageModelError ? error.code : "";
  const words = error instanceof Error ? error.message : String(error);
  if (code === vscode.LanguageModelError.NoPermissions.name) return `you have not let Backend Expert use ${model}`;
  if (code === vscode.LanguageModelError.NotFound.name) return `${model} is gone`;
  return words ? `${model}: ${words}` : `${model} gave no reason`;
}

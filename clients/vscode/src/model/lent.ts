/** Lending the editor's own language model to the server, which has the request go through its gate. */

import * as vscode from "vscode";
import type { Completed, Completion } from "../protocol";

/** Whether this editor has an interface to language models at all. */
export function canLend(): boolean {
  return typeof vscode.lm?.selectChatModels === "function";
}

/** Asks the first model that the editor has; `say` gets the answer in parts. */
export async function complete(
  asked: Completion,
  say: (text: string) => void,
  token: vscode.CancellationToken,
): Promise<Completed> {
  const [model] = canLend() ? await vscode.lm.selectChatModels() : [];
  if (!model) throw new Error("this editor has no language model; choose another one with Select Model");
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  const messages = asked.messages.map(({ role, text }) => (role === "user" ? User(text) : Assistant(text)));
  const options = { justification: "You have asked the backend expert." };
  const answer = await model.sendRequest(messages, options, token);
  for await (const text of answer.text) say(text);
  return { model: model.name };
}

/** The editor's own language model, asked for the server when the person has chosen that. */

import * as vscode from "vscode";
import { type LanguageClient, ProgressType, RequestType } from "vscode-languageclient/node";
import { COMPLETE, type Complete, type Completed, type CompletePart } from "../protocol";
import { SECTION, text } from "../settings";

const REQUEST = new RequestType<Complete, Completed, void>(COMPLETE);
const PART = new ProgressType<CompletePart>();

/** Has a client answer the server's requests for completions. */
export function offerModel(client: LanguageClient): void {
  client.onRequest(REQUEST, async (params, token) => {
    const model = await chosen();
    const messages = params.messages.map((turn) =>
      turn.role === "assistant"
        ? vscode.LanguageModelChatMessage.Assistant(turn.text)
        : vscode.LanguageModelChatMessage.User(turn.text),
    );
    // These models know no system prompt: it goes first.
    if (params.system) messages.unshift(vscode.LanguageModelChatMessage.User(params.system));
    const options: vscode.LanguageModelChatRequestOptions = {
      justification: "You have asked the backend expert.",
      ...(params.maxTokens && { modelOptions: { max_tokens: params.maxTokens } }),
    };
    const response = await model.sendRequest(messages, options, token);
    let whole = "";
    for await (const part of response.text) {
      whole += part;
      if (params.partialResultToken !== undefined) {
        await client.sendProgress(PART, params.partialResultToken, { text: part });
      }
    }
    return { text: whole, model: model.id };
  });
}

async function chosen(): Promise<vscode.LanguageModelChat> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  if (!vscode.workspace.isTrusted || text(settings.get("model.provider")) !== "vscode") {
    throw new Error("the person has not chosen this editor's own models");
  }
  const id = text(settings.get("model.name"));
  const models = await vscode.lm.selectChatModels(id ? { id } : {});
  const model = models[0];
  if (!model) throw new Error(id ? `this editor has no model ${id}` : "this editor has no language model");
  return model;
}

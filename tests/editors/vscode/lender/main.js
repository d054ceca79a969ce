// An extension that brings language models, as those of vendors do: what they say comes from the
// stand-in for the Messages API, so that a test scripts it and sees what was asked and when it left.
const { readFileSync } = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

const { models, url } = JSON.parse(readFileSync(path.join(__dirname, "lends.json"), "utf8"));
const text = (part) => part.value ?? "";

async function answer(model, messages, progress, token) {
  const leaving = new AbortController();
  token.onCancellationRequested(() => leaving.abort());
  const said = messages.map(({ role, content }) => ({
    role: role === vscode.LanguageModelChatMessageRole.User ? "user" : "assistant",
    content: typeof content === "string" ? content : content.map(text).join(""),
  }));
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    signal: leaving.signal,
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-api-key": "lent" },
    body: JSON.stringify({ model, max_tokens: 4096, stream: true, messages: said }),
  });
  if (!response.ok) {
    const { error } = await response.json();
    throw response.status === 403 ? vscode.LanguageModelError.Blocked(error.message) : new Error(error.message);
  }
  let held = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (held + piece).split("\n\n");
    held = events.pop();
    for (const event of events) {
      const { delta } = JSON.parse(event.slice(event.indexOf("data: ") + 6));
      if (delta?.text) progress.report({ index: 0, part: new vscode.LanguageModelTextPart(delta.text) });
    }
  }
}

exports.activate = (context) => {
  const lent = models.map(({ id, name, asks, auth }) =>
    vscode.lm.registerChatModelProvider(
      id,
      {
        provideLanguageModelResponse: (messages, _options, _who, progress, token) =>
          answer(asks, messages, progress, token),
        provideTokenCount: async (words) => Math.ceil(words.length / 4),
      },
      { vendor: "tests", name, family: "tests", version: "1", maxInputTokens: 100_000, maxOutputTokens: 4096, auth },
    ),
  );
  const leave = () => lent.forEach((one) => one.dispose());
  context.subscriptions.push(...lent, vscode.commands.registerCommand("lender.leave", leave));
};

// A question asked while the server is started anew is answered by the new one.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { extension, open, rules, until } = require("./harness");

exports.run = async () => {
  const document = await open("api/shop/routers/auth.py");
  await until(() => rules(document).length, "findings appear");
  const api = await extension().activate();
  const question = { uri: document.uri.toString(), task: "review" };
  const restarted = vscode.commands.executeCommand("backendExpert.restartServer");
  await until(() => api.state.kind === "starting", "it is started anew");
  const answer = await vscode.commands.executeCommand("backendExpert.ask", question);
  assert.match(answer.text, /naive/);
  await restarted;
};

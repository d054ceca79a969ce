// The extension does not wait for its server, has all its commands, and then finds the server.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { extension, until } = require("./harness");

exports.run = async () => {
  const api = await extension().activate();
  const commands = new Set(await vscode.commands.getCommands(true));
  const own = extension().packageJSON.contributes.commands.map((one) => one.command);
  assert.deepEqual(own.filter((one) => !commands.has(one)), []);
  await until(() => api.state.kind === "running", "the server runs");
  assert.equal(api.state.source, "your setting");
  await vscode.commands.executeCommand("backendExpert.restartServer");
  assert.equal(api.state.kind, "running");
};

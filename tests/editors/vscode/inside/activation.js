// The extension takes little to activate, has its commands, and starts the server.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { extension, figure, until } = require("./harness");

exports.run = async () => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const api = await extension().activate();
  figure("activation", [performance.now() - start]);
  const { user, system } = process.cpuUsage(cpu);
  assert.ok((user + system) / 1000 < 200, `activation took ${(user + system) / 1000} ms of work`);
  await until(() => api.state.kind === "running", "the server runs");
  assert.equal(api.state.source, "your setting");
  const commands = new Set(await vscode.commands.getCommands(true));
  const own = extension().packageJSON.contributes.commands.map((one) => one.command);
  assert.deepEqual(own.filter((one) => !commands.has(one)), []);
};

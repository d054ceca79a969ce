// A task that runs `backend-expert check` in a terminal: its findings are in the Problems view.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { finding, open, until } = require("./harness");

const FILE = "api/shop/worker/notify.py";
const RULE = "errors/http-call-no-timeout";

exports.run = async () => {
  const document = await open(FILE);
  await until(() => finding(document, RULE), "the server finds it");
  const settings = vscode.workspace.getConfiguration("backendExpert");
  await settings.update("ignore", ["errors"], vscode.ConfigurationTarget.Workspace);
  await until(() => !finding(document, RULE), "the server finds it no more");

  const folder = vscode.workspace.workspaceFolders[0];
  const check = new vscode.ShellExecution(settings.get("server.path"), ["check", "api"]);
  const task = new vscode.Task({ type: "shell" }, folder, "check", "tests", check, "$backend-expert");
  await vscode.tasks.executeTask(task);
  const found = await until(() => finding(document, RULE), "the task's output is read");
  assert.match(document.getText(found.range.with({ end: document.lineAt(found.range.start).range.end })), /^requests\.post\(/);
  assert.equal(found.source, "backend-expert");
  assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
};

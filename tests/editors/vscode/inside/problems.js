// A task that runs the command line: the problem matcher reads what it really prints.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const path = require("node:path");
const vscode = require("vscode");
const { until } = require("./harness");

const RULE = "errors/http-call-no-timeout";
const FILE = "api/shop/worker/notify.py";
const root = vscode.workspace.workspaceFolders[0];
const program = vscode.workspace.getConfiguration("backendExpert").get("server.path");

/** A terminal without a terminal, which stays open: what a program prints, with a terminal's line ends. */
function printing(args) {
  const wrote = new vscode.EventEmitter();
  const open = () => {
    const child = spawn(program, args, { cwd: root.uri.fsPath });
    child.stdout.on("data", (data) => wrote.fire(String(data).replace(/\n/g, "\r\n")));
  };
  return { onDidWrite: wrote.event, open, close() {} };
}

exports.run = async () => {
  const uri = vscode.Uri.file(path.join(root.uri.fsPath, FILE));
  const told = () => vscode.languages.getDiagnostics(uri).find((one) => (one.code?.value ?? one.code) === RULE);
  // The server itself is told to be silent of it: what is there then is the task's.
  const settings = vscode.workspace.getConfiguration("backendExpert", uri);
  await settings.update("ignore", [RULE], vscode.ConfigurationTarget.Workspace);
  await vscode.workspace.openTextDocument(uri);
  await until(() => !told(), "the server is silent");
  const execution = new vscode.CustomExecution(async () => printing(["check", FILE]));
  const task = new vscode.Task({ type: "shell" }, root, "check", "backend-expert", execution, "$backend-expert");
  await vscode.tasks.executeTask(task);
  const found = await until(told, "the problem is there");
  assert.equal(found.message, "no timeout: a stalled server holds this worker for ever");
  assert.equal(found.source, "backend-expert");
  assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
  assert.deepEqual([found.range.start.line, found.range.start.character], [18, 15]);
};

// A server that is killed is started again, and its findings return.
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const vscode = require("vscode");
const { extension, open, rules, until } = require("./harness");

exports.run = async () => {
  const document = await open("api/shop/routers/auth.py");
  await until(() => rules(document).length, "findings appear");
  const api = await extension().activate();
  const listed = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
  const server = listed.split("\n").find((line) => line.includes("backend-expert serve"));
  assert.ok(server, listed);
  const under = vscode.commands.executeCommand("backendExpert.explainRule", { rule: "quality/naive-datetime" });
  process.kill(Number.parseInt(server, 10), "SIGKILL");
  await until(() => api.state.kind === "waiting", "the crash is told");
  const question = { uri: document.uri.toString(), task: "review" };
  const asked = vscode.commands.executeCommand("backendExpert.ask", question);
  await until(() => api.state.kind === "running", "the server runs again");
  assert.match((await asked).text, /naive/, "what was asked meanwhile is answered");
  assert.match((await under).markdown, /naive/i, "and what was on its way");
  const edit = new vscode.WorkspaceEdit();
  const late = '\n\ndef late():\n    import requests\n    return requests.get("https://example.org")\n';
  edit.insert(document.uri, new vscode.Position(document.lineCount, 0), late);
  await vscode.workspace.applyEdit(edit);
  await until(() => rules(document).includes("errors/http-call-no-timeout"), "it finds what is new");
  assert.ok(rules(document).length > 1, "and what it found before");
};

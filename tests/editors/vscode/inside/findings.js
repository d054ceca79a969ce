// Findings appear; a hover tells of a query; a fix is made and undone; settings count at once.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { finding, open, rules, until } = require("./harness");

const RULE = "quality/naive-datetime";

exports.run = async () => {
  const document = await open("api/shop/routers/auth.py");
  await until(() => rules(document).includes(RULE), "findings appear");

  const at = document.positionAt(document.getText().indexOf("INSERT INTO password_resets"));
  const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, at);
  const words = hovers.flatMap((hover) => hover.contents.map((one) => one.value)).join("\n");
  assert.match(words, /password_resets/);

  const before = document.getText();
  const { range } = finding(document, RULE);
  const kind = vscode.CodeActionKind.QuickFix.value;
  const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, range, kind, 10);
  const fix = actions.find((action) => action.title === "Take it with its zone");
  assert.ok(await vscode.workspace.applyEdit(fix.edit));
  assert.match(document.getText(), /datetime\.now\(timezone\.utc\)/);
  await until(() => !rules(document).includes(RULE), "the fix mends");
  await vscode.commands.executeCommand("undo");
  await until(() => rules(document).includes(RULE), "undoing brings it back");
  assert.equal(document.getText(), before);

  const settings = vscode.workspace.getConfiguration("backendExpert", document.uri);
  await settings.update("ignore", ["quality"], vscode.ConfigurationTarget.Workspace);
  await until(() => !rules(document).includes(RULE), "a setting counts without reload");
  await settings.update("ignore", undefined, vscode.ConfigurationTarget.Workspace);
  await until(() => rules(document).includes(RULE), "and so does taking it back");
};

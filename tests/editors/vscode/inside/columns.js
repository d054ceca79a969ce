// What stands before a finding may be of any script: its column is right.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { finding, until } = require("./harness");

exports.run = async () => {
  const content = "import requests\n\n\ndef get():\n    é, x = '😀𝒳ä', requests.get('https://example.org')\n    return x\n";
  const document = await vscode.workspace.openTextDocument({ language: "python", content });
  await vscode.window.showTextDocument(document);
  const found = await until(() => finding(document, "errors/http-call-no-timeout"), "the finding appears");
  assert.match(document.getText(found.range), /^requests\.get/);
};

// How long it takes from a keystroke to the finding that it makes.
const vscode = require("vscode");
const { figure, open, rules, until } = require("./harness");

const RULE = "errors/http-call-no-timeout";
const TIMES = 15;

exports.run = async () => {
  const document = await open("api/shop/routers/auth.py");
  await until(() => rules(document).length, "findings appear");
  const count = () => rules(document).filter((rule) => rule === RULE).length;
  const editor = vscode.window.activeTextEditor;
  const stops = { undoStopBefore: false, undoStopAfter: false };
  const last = document.lineAt(document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.insert(last, '\n\ndef late():\n    import requests\n    return requests.ge("https://example.org")\n'), stops);
  const at = document.positionAt(document.getText().lastIndexOf("requests.ge(") + "requests.ge".length);
  const typed = new vscode.Range(at, at.translate(0, 1));
  const times = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const start = performance.now();
    await editor.edit((edit) => edit.insert(at, "t"), stops);
    await until(() => count() === 1, "the finding appears");
    times.push(performance.now() - start);
    await editor.edit((edit) => edit.delete(typed), stops);
    await until(() => count() === 0, "the finding goes");
  }
  figure("keystroke to finding", times);
};

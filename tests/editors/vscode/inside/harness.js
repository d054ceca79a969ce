// What specs share: the extension, a file with its findings, waiting for what is to come.
const path = require("node:path");
const vscode = require("vscode");

const PATIENCE = 60_000;
const root = () => vscode.workspace.workspaceFolders[0].uri.fsPath;

exports.extension = () => vscode.extensions.getExtension("backend-expert.backend-expert");

/** Opens a file of the shop. */
exports.open = async (name) => {
  const document = await vscode.workspace.openTextDocument(path.join(root(), name));
  await vscode.window.showTextDocument(document);
  return document;
};

/** Our findings in a document, by the ids of their rules. */
exports.rules = (document) =>
  vscode.languages.getDiagnostics(document.uri)
    .filter((one) => one.source === "backend-expert")
    .map((one) => one.code.value ?? one.code);

exports.finding = (document, rule) =>
  vscode.languages.getDiagnostics(document.uri).find((one) => (one.code?.value ?? one.code) === rule);

/** Waits until something holds: looked at when diagnostics change, and now and then. */
exports.until = (holds, what) =>
  new Promise((resolve, reject) => {
    let timer, late;
    const heard = vscode.languages.onDidChangeDiagnostics(look);
    function end() {
      heard.dispose();
      clearInterval(timer);
      clearTimeout(late);
    }
    async function look() {
      const found = await holds();
      if (!found) return;
      end();
      resolve(found);
    }
    timer = setInterval(look, 50);
    late = setTimeout(() => (end(), reject(new Error(`${what}: not within ${PATIENCE} ms`))), PATIENCE);
    look();
  });

exports.figure = (name, times) => console.log(`FIGURE ${JSON.stringify({ name, times })}`);

/** The frame of a webview: its policy lets in our own script and style, and nothing else. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** A page that runs `dist/<name>.js` with `media/<name>.css` around the given body. */
export function pageOf(webview: vscode.Webview, extension: vscode.Uri, name: string, body: string): string {
  const nonce = randomBytes(16).toString("base64");
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", `${name}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, "media", `${name}.css`));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style}">
</head>
<body>
${body}
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** What a page of ours may load: its script and its style. */
export function resources(extension: vscode.Uri): vscode.WebviewOptions {
  const roots = ["dist", "media"].map((folder) => vscode.Uri.joinPath(extension, folder));
  return { enableScripts: true, enableForms: true, localResourceRoots: roots };
}

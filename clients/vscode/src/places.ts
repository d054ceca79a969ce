/** Places: from the server's words to the editor's, and going there. */

import * as vscode from "vscode";
import type { Range } from "./protocol";

/** A range as the editor has it. */
export function rangeOf(range: Range): vscode.Range {
  const { start, end } = range;
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** A range as the protocol has it. */
export function plainRange(range: vscode.Range): Range {
  const { start, end } = range;
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

/** Opens a place in the code. */
export async function goTo(uri: string, range?: Range, column?: vscode.ViewColumn): Promise<void> {
  const selection = range ? rangeOf(range) : undefined;
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    ...(selection && { selection: new vscode.Range(selection.start, selection.start) }),
    ...(column && { viewColumn: column }),
  });
}

/** Opens a file that is named as an answer names it: from a workspace folder, or part of a path. */
export async function goToFile(file: string, line: number): Promise<void> {
  const uri = await found(file);
  if (!uri) {
    void vscode.window.setStatusBarMessage(`Backend Expert: there is no ${file} here`, 4000);
    return;
  }
  const at = { line: Math.max(0, line - 1), character: 0 };
  await goTo(uri.toString(), { start: at, end: at });
}

async function found(file: string): Promise<vscode.Uri | undefined> {
  if (/^([\\/]|[A-Za-z]:)/.test(file)) return exists(vscode.Uri.file(file));
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const uri = await exists(vscode.Uri.joinPath(folder.uri, file));
    if (uri) return uri;
  }
  return (await vscode.workspace.findFiles(`**/${file}`, undefined, 1))[0];
}

async function exists(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  try {
    await vscode.workspace.fs.stat(uri);
    return uri;
  } catch {
    return undefined;
  }
}

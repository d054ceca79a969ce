/** Asking the expert about what is selected: a pick of the tasks that fit, or a free question. */

import * as vscode from "vscode";
import { plainRange } from "../places";
import type { Ask, Offered } from "../protocol";
import type { Session } from "../server/session";

/** The task of a free question. */
const FREE = "ask";

interface Choice extends vscode.QuickPickItem {
  task?: string;
}

/** What the person wants to ask; undefined when nothing was chosen. */
export async function question(session: Session, title: string): Promise<Ask | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage("Backend Expert: open a file to ask about first.");
    return undefined;
  }
  const at = { uri: editor.document.uri.toString(), range: plainRange(editor.selection) };
  const choice = await picked(session.command("backendExpert.tasks", at), `${title}: ${where(editor)}`);
  if (!choice) return undefined;
  return { ...at, task: choice.task, ...(choice.words && { words: choice.words }) };
}

/** A free question about what is selected, or about the whole file when nothing is. */
export function freeQuestion(words: string): Ask | undefined {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (!editor) return undefined;
  return { uri: editor.document.uri.toString(), task: FREE, range: plainRange(editor.selection), words };
}

function picked(
  coming: Promise<readonly Offered[]>,
  title: string,
): Promise<{ task: string; words: string } | undefined> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = title;
  pick.placeholder = "Choose a task, or write a question of your own";
  pick.busy = true;
  let tasks: Choice[] = [];
  const show = () => {
    const words = pick.value.trim();
    const own: Choice = { label: `$(comment) ${words}`, description: "your question", task: FREE, alwaysShow: true };
    pick.items = words ? [...tasks, own] : tasks;
  };
  coming
    .then((offered) => {
      tasks = offered.filter((one) => one.id !== FREE).map((one) => ({ label: `$(${icon(one)}) ${one.title}`, task: one.id }));
    })
    .catch(() => undefined)
    .finally(() => {
      pick.busy = false;
      show();
    });
  pick.onDidChangeValue(show);
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0];
      const words = chosen?.alwaysShow ? pick.value.trim() : "";
      resolve(chosen?.task ? { task: chosen.task, words } : undefined);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

const ICONS: [RegExp, string][] = [
  [/rewrite$|fix/, "wand"],
  [/review/, "checklist"],
  [/test/, "beaker"],
  [/notes/, "note"],
  [/quer|index/, "database"],
];

function icon(task: Offered): string {
  return ICONS.find(([words]) => words.test(task.id))?.[1] ?? "comment-discussion";
}

function where(editor: vscode.TextEditor): string {
  const { start, end, isEmpty } = editor.selection;
  const name = vscode.workspace.asRelativePath(editor.document.uri);
  return isEmpty || start.line === end.line ? `${name}:${start.line + 1}` : `${name}:${start.line + 1}–${end.line + 1}`;
}

/**
 * The first step of the walkthrough: done when the server runs. The editor ticks a step when its
 * context becomes true while the editor knows the walkthrough, and never if it was true before that.
 * So the context is true for a moment, whenever a page like the walkthrough's is there.
 */

import * as vscode from "vscode";
import type { Session } from "./server/session";

/** Has the step ticked, until it is disposed of. */
export function tickFirstStep(session: Session): vscode.Disposable {
  const set = (value: boolean) => vscode.commands.executeCommand("setContext", "backendExpert.started", value);
  const look = async () => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const isThere = tabs.some(({ input }) => input === undefined); // extensions are told no more of it
    if (!isThere || !session.isRunning) return;
    await set(true);
    await set(false);
  };
  return vscode.Disposable.from(vscode.window.tabGroups.onDidChangeTabs(look), session.onDidChange(look));
}

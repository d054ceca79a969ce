/** The menu behind the status bar item. */

import * as vscode from "vscode";
import type { Session } from "../server/session";

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

const ASKING: Entry[] = [
  { label: "$(comment-discussion) Ask backend expert…", command: "backendExpert.askExpert" },
  { label: "$(type-hierarchy) Open architecture map", command: "backendExpert.openMap" },
  { label: "$(history) Earlier answers…", command: "backendExpert.openAnswer" },
];
const LOOKING: Entry[] = [
  { label: "$(eye) Show what was sent", command: "backendExpert.openSent" },
  { label: "$(hubot) Select model…", command: "backendExpert.selectModel" },
];
const SERVER: Entry[] = [
  { label: "$(refresh) Restart server", command: "backendExpert.restartServer" },
  { label: "$(output) Show output", command: "backendExpert.showOutput" },
  { label: "$(gear) Settings", command: "backendExpert.openSettings" },
];

/** Shows the menu and does what is chosen. */
export async function showMenu(session: Session): Promise<void> {
  const separator: Entry = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const install: Entry = { label: "$(cloud-download) Install the server…", command: "backendExpert.installServer" };
  const first = session.isRunning ? [...ASKING, separator, ...LOOKING] : [install];
  const choice = await vscode.window.showQuickPick([...first, separator, ...SERVER], { title: "Backend Expert" });
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
}

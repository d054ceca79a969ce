/** The status bar item and the language status: what the server is doing. */

import * as vscode from "vscode";
import { LANGUAGES } from "./languages";
import type { Session } from "./server/session";
import { shown, type State } from "./server/state";

const BACKGROUND = {
  none: undefined,
  warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
  error: new vscode.ThemeColor("statusBarItem.errorBackground"),
};
const SEVERITY = {
  none: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

/** Shows the session's state until it is disposed of. */
export function showStatus(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("backendExpert", vscode.StatusBarAlignment.Right, 50);
  item.name = "Backend Expert";
  item.command = "backendExpert.menu";
  const language = vscode.languages.createLanguageStatusItem("backendExpert", LANGUAGES);
  language.name = "Backend Expert";
  language.command = { command: "backendExpert.menu", title: "Menu" };
  const show = (state: State) => {
    const told = shown(state);
    item.text = told.text;
    item.tooltip = new vscode.MarkdownString(`**Backend Expert**\n\n${told.tooltip}`);
    item.backgroundColor = BACKGROUND[told.severity];
    item.accessibilityInformation = { label: `Backend Expert: ${told.tooltip}` };
    language.text = told.tooltip.split("\n")[0] ?? "";
    language.severity = SEVERITY[told.severity];
    language.busy = told.busy;
  };
  show(session.state);
  item.show();
  return vscode.Disposable.from(item, language, session.onDidChange(show));
}

/** Explaining rules: the page of a rule that found something here. */

import * as vscode from "vscode";
import type { Pages } from "../pages/markdown";
import { LANGUAGES } from "../languages";
import type { Session } from "../server/session";

export const SOURCE = "backend-expert";
const KIND = vscode.CodeActionKind.Empty.append("backendExpert.explainRule");

/** The rule of a diagnostic of ours. */
export function ruleOf(diagnostic: vscode.Diagnostic): string | undefined {
  if (diagnostic.source !== SOURCE) return undefined;
  const code = typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;
  return typeof code === "string" ? code : undefined;
}

/** Shows the page of a rule. */
export async function showRule(session: Session, pages: Pages, rule: string): Promise<void> {
  const page = await session.command("backendExpert.explainRule", { rule });
  await pages.show(rule, page.markdown);
}

/** Asks which rule, where several have found something: at the cursor, in the file, anywhere. */
export async function pickRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const here = editor ? vscode.languages.getDiagnostics(editor.document.uri) : [];
  const at = here.filter((one) => editor && one.range.intersection(editor.selection));
  for (const found of [at, here, vscode.languages.getDiagnostics().flatMap(([, all]) => all)]) {
    const rules = [...new Set(found.map(ruleOf).filter((rule) => rule !== undefined))].sort();
    if (rules.length === 1 && found === at) return rules[0];
    if (rules.length) return vscode.window.showQuickPick(rules, { title: "Explain rule" });
  }
  void vscode.window.showInformationMessage("Backend Expert: no rule has found anything.");
  return undefined;
}

/** “Explain …” in the light bulb of a finding. */
export function explainActions(): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: (_document, _range, context) => {
      const rules = [...new Set(context.diagnostics.map(ruleOf).filter((rule) => rule !== undefined))];
      return rules.map((rule) => {
        const action = new vscode.CodeAction(`Explain ${rule}`, KIND);
        action.command = { command: "backendExpert.showRule", title: "Explain rule", arguments: [rule] };
        action.diagnostics = context.diagnostics.filter((one) => ruleOf(one) === rule);
        return action;
      });
    },
  };
  return vscode.languages.registerCodeActionsProvider(LANGUAGES, provider, { providedCodeActionKinds: [KIND] });
}

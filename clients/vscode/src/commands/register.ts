/** The commands of the palette and the menus, each with what it does. */

import * as vscode from "vscode";
import type { AnswersView } from "../answers/view";
import { apply } from "../doing";
import type { Key } from "../key";
import type { MapPanel } from "../map/panel";
import { selectModel } from "../model/select";
import type { Offer } from "../offer";
import { type Pages, preview } from "../pages/markdown";
import { Diffs } from "../proposals/diffs";
import type { Session } from "../server/session";
import type { BackendTree } from "../tree/view";
import { question } from "./asking";
import { showMenu } from "./menu";
import { pickRule, showRule } from "./rules";
import { told } from "./told";

export interface Parts {
  session: Session;
  view: AnswersView;
  offer: Offer;
  tree: BackendTree;
  map: MapPanel;
  pages: Pages;
  diffs: Diffs;
  key: Key;
  output: vscode.OutputChannel;
  /** The extension's id, by which its settings are found. */
  extension: string;
}

/** Registers all commands. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const { session, view, offer, tree, map, pages, key, output } = parts;
  const commands: Record<string, (...args: never[]) => unknown> = {
    askExpert: async () => {
      const asked = await question(session, "Ask backend expert");
      if (!asked) return;
      view.reveal();
      await told(session.command("backendExpert.ask", asked));
    },
    showRequest: async () => {
      const asked = await question(session, "Show what would be sent");
      if (asked) await told(session.command("backendExpert.showWouldSend", asked)); // the server shows it
    },
    openSent: () => told(session.command("backendExpert.showSent", null)),
    openAnswer: () => openAnswer(session),
    stopAnswer: () => told(session.command("backendExpert.stop", {})),
    clearAnswers: () => view.clear(),
    acceptProposal: (uri?: vscode.Uri) => decide(parts, uri, true),
    refuseProposal: (uri?: vscode.Uri) => decide(parts, uri, false),
    openMap: () => map.show(),
    refreshBackend: () => tree.refresh(),
    explain: async () => {
      const rule = await pickRule();
      if (rule) await told(showRule(session, pages, rule));
    },
    showRule: (rule: string) => told(showRule(session, pages, rule)),
    selectModel: () => selectModel(key),
    setKey: () => key.ask(),
    removeKey: () => key.remove(),
    installServer: () => offer.install(),
    restartServer: () => session.restart(),
    showOutput: () => output.show(),
    openSettings: () => vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${parts.extension}`),
    menu: () => showMenu(session),
  };
  const all = Object.entries(commands).map(([name, work]) => vscode.commands.registerCommand(`backendExpert.${name}`, work));
  return vscode.Disposable.from(...all);
}

async function openAnswer(session: Session): Promise<void> {
  const found = await told(session.command("backendExpert.history", null));
  if (!found) return;
  const entries = found.value.map((one) => ({ label: one.title, description: new Date(one.time).toLocaleString(), uri: one.uri }));
  if (!entries.length) {
    void vscode.window.showInformationMessage("Backend Expert: nothing was asked yet.");
    return;
  }
  const choice = await vscode.window.showQuickPick(entries, { title: "Earlier answers" });
  if (choice) await preview(vscode.Uri.parse(choice.uri));
}

/** Accepts or refuses the proposal whose diff is in front. */
async function decide(parts: Parts, uri: vscode.Uri | undefined, accepts: boolean): Promise<void> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = uri ?? (input instanceof vscode.TabInputTextDiff ? input.modified : undefined);
  const answer = parts.view.find(Diffs.answerOf(shown) ?? "");
  if (!answer) return;
  if (accepts) {
    if (await apply(parts.session, parts.diffs, answer)) parts.view.decide(answer.id, "applied");
  } else {
    await parts.diffs.close(answer.id);
    parts.view.decide(answer.id, "refused");
  }
}

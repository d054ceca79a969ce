/** The extension: puts its parts together and starts the server, without waiting for it. */

import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { AnswersView, VIEW } from "./answers/view";
import { registerCommands } from "./commands/register";
import { explainActions } from "./commands/rules";
import { serverCommands } from "./commands/served";
import { doing } from "./doing";
import { onInterpreter, selectedInterpreter } from "./interpreter";
import { Key } from "./key";
import { MapPanel } from "./map/panel";
import { describedModel } from "./model/select";
import { Offer } from "./offer";
import { Pages } from "./pages/markdown";
import { Diffs } from "./proposals/diffs";
import { locate } from "./server/locate";
import { Session } from "./server/session";
import type { State } from "./server/state";
import { mismatch } from "./server/versions";
import { isProgram } from "./server/world";
import { modelChoice, SECTION, serverSettings, text } from "./settings";
import { showStatus } from "./status";
import { BackendTree } from "./tree/view";
import { tickFirstStep } from "./walkthrough";

/** What other extensions, and the tests, may ask. */
export interface Api {
  readonly state: Session["state"];
  readonly version: string | undefined;
}

let session: Session | undefined;

/** Activates the extension. */
export function activate(context: vscode.ExtensionContext): Api {
  const output = vscode.window.createOutputChannel("Backend Expert", { log: true });
  const key = new Key(context.secrets);
  const settings = serverSettings(context.extension.packageJSON);
  const interpreter = () => selectedInterpreter(vscode.workspace.workspaceFolders?.[0]?.uri);
  const pages = new Pages();
  const diffs = new Diffs();

  const mine = new Session({
    output,
    settings,
    onAnswer: (event) => view.took(event),
    locate: async () => {
      const configuration = vscode.workspace.getConfiguration(SECTION);
      return locate(
        {
          configured: text(configuration.get("server.path")),
          trusted: vscode.workspace.isTrusted,
          interpreter: await interpreter(),
          folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
          path: (process.env["PATH"] ?? "").split(path.delimiter),
          environment: Offer.environment(context),
          home: os.homedir(),
          platform: process.platform,
        },
        isProgram,
      );
    },
    options: async () => {
      const model = modelChoice(await key.get());
      return model ? { model } : {};
    },
  });
  session = mine;
  const view: AnswersView = new AnswersView(context.extensionUri, doing(mine, diffs, (id) => view.decide(id, "applied")), () => ({
    model: describedModel(),
    running: mine.isRunning,
  }));
  const offer = new Offer(context, mine, output, interpreter);
  const tree = new BackendTree(mine);
  const map = new MapPanel(context.extensionUri, mine);

  context.subscriptions.push(
    output,
    mine,
    pages,
    diffs,
    tree,
    showStatus(mine),
    tickFirstStep(mine),
    explainActions(),
    serverCommands(mine, () => view.reveal()),
    vscode.window.registerWebviewViewProvider(VIEW, view),
    registerCommands({ session: mine, view, offer, tree, map, pages, diffs, key, output, extension: context.extension.id }),
    mine.onDidChange((state) => {
      if (state.kind === "missing") void offer.make(state.complaint);
      if (GONE.includes(state.kind)) view.serverGone();
      if (state.kind === "failed") void tellFailure(state.reason);
    }),
    key.onDidChange(() => void mine.restart()),
    restartOnSettings(mine, view),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void mine.restart()),
    tellMismatch(mine, String(context.extension.packageJSON.version)),
  );
  void onInterpreter(() => mine.state.kind !== "running" && void mine.restart()).then((heard) => {
    if (heard) context.subscriptions.push(heard);
  });
  void mine.restart();
  return {
    get state() {
      return mine.state;
    },
    get version() {
      return mine.version;
    },
  };
}

/** Ends the server. */
export async function deactivate(): Promise<void> {
  await session?.stop();
}

/** States in which nothing more comes of an answer under way. */
const GONE: readonly State["kind"][] = ["starting", "waiting", "failed", "stopped"];

/** Settings that the server gets at its start; those of checks it asks for itself. */
const AT_START = ["server.path", "model"];

function restartOnSettings(session: Session, view: AnswersView): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!AT_START.some((name) => event.affectsConfiguration(`${SECTION}.${name}`))) return;
    view.refresh();
    void session.restart();
  });
}

async function tellFailure(reason: string): Promise<void> {
  const choice = await vscode.window.showErrorMessage(`Backend Expert: ${reason}`, "Restart", "Show Output");
  if (choice === "Restart") await vscode.commands.executeCommand("backendExpert.restartServer");
  if (choice === "Show Output") await vscode.commands.executeCommand("backendExpert.showOutput");
}

/** Tells once in a window that server and extension are of different ages. */
function tellMismatch(session: Session, version: string): vscode.Disposable {
  let told = false;
  return session.onDidChange((state) => {
    if (state.kind !== "running" || told) return;
    const words = mismatch(version, session.version);
    if (!words) return;
    told = true;
    const choices = session.isPrivate ? ["Update the Server"] : [];
    void vscode.window.showInformationMessage(`Backend Expert: ${words}`, ...choices).then((choice) => {
      if (choice) void vscode.commands.executeCommand("backendExpert.installServer");
    });
  });
}

/** The offer to install the server, with progress, retry and a failure that says why. */

import { randomBytes } from "node:crypto";
import * as path from "node:path";
import * as vscode from "vscode";
import { install } from "./server/install";
import type { Session } from "./server/session";
import { pythons, world } from "./server/world";
import { SECTION, text } from "./settings";

const ENVIRONMENT = "privateEnvironment";

export class Offer {
  private asking = false;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly session: Session,
    private readonly output: vscode.OutputChannel,
    private readonly interpreter: () => Promise<string | undefined>,
  ) {}

  /** The environment that was made before, if any. */
  static environment(context: vscode.ExtensionContext): string | undefined {
    return context.globalState.get<string>(ENVIRONMENT);
  }

  /** Asks once, until it is answered. */
  make(complaint?: string): Promise<void> {
    return this.alone(async () => {
      const words = complaint ?? "Backend Expert: the language server is not installed yet. Install it for this editor alone?";
      const choices = complaint ? ["Open Settings", "Install"] : ["Install", "Choose a Program…"];
      const choice = await vscode.window.showInformationMessage(words, ...choices);
      if (choice === "Install") await this.tried();
      if (choice === "Choose a Program…" || choice === "Open Settings") await openPath();
    });
  }

  /** Installs, as when the person asks for it by the command. */
  install(): Promise<void> {
    return this.alone(() => this.tried());
  }

  /** Does one thing at a time: what is asked for meanwhile is being done already. */
  private async alone(work: () => Promise<void>): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      await work();
    } finally {
      this.asking = false;
    }
  }

  /** Installs, and tries again for as long as the person wants. */
  private async tried(): Promise<void> {
    for (;;) {
      const reason = await this.once();
      if (reason === undefined) return;
      this.session.tell({ kind: "missing", looked: [], complaint: reason });
      const words = `Backend Expert could not be installed. ${reason}`;
      const choice = await vscode.window.showErrorMessage(words, "Try Again", "Show Output");
      if (choice === "Show Output") this.output.show();
      if (choice !== "Try Again") return;
    }
  }

  private async once(): Promise<string | undefined> {
    const storage = this.context.globalStorageUri.fsPath;
    await vscode.workspace.fs.createDirectory(this.context.globalStorageUri);
    const old = Offer.environment(this.context);
    const own = text(vscode.workspace.getConfiguration(SECTION).get("server.python"));
    const selected = vscode.workspace.isTrusted ? await this.interpreter() : undefined;
    const plan = {
      pythons: pythons([own || undefined, selected]),
      environment: path.join(storage, `server-${randomBytes(4).toString("hex")}`),
      wheels: this.context.asAbsolutePath("wheels"),
      version: String(this.context.extension.packageJSON.version),
    };
    const options = { location: vscode.ProgressLocation.Notification, title: "Backend Expert", cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const around = world(storage, (line) => this.output.appendLine(line), stop.signal);
      const done = await install(plan, around, (step) => {
        progress.report({ message: step });
        this.session.tell({ kind: "installing", step });
      });
      if (done.kind === "failed") return stop.signal.aborted ? "It was cancelled." : done.reason;
      await this.context.globalState.update(ENVIRONMENT, done.environment);
      await this.session.restart();
      if (old) await around.remove(old);
      return undefined;
    });
  }
}

function openPath(): Thenable<unknown> {
  return vscode.commands.executeCommand("workbench.action.openSettings", "backendExpert.server.path");
}

/**
 * The language client: what this editor can do beyond LSP, and what passes between. Loaded when the
 * server starts and not before, because it is most of the extension's code.
 */

import * as vscode from "vscode";
import {
  type ClientCapabilities,
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  type FeatureState,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
  type StaticFeature,
} from "vscode-languageclient/node";
import { canLend, complete } from "../model/lent";
import { ANSWER, type AnswerEvent, COMPLETE, COMPLETION, type Completion, type Experimental, type Options, STATUS, type Status } from "../protocol";
import { LANGUAGES } from "../languages";
import { checkSettings, SECTION } from "../settings";

/** The links of hovers that may run something: nothing but looking and asking. */
const LINKS = ["backendExpert.ask", "backendExpert.showRule"];

export interface Making {
  command: string;
  output: vscode.OutputChannel;
  /** The names of the settings that the server may know. */
  settings: readonly string[];
  options: Options;
  heard: Heard;
}

/** What the session hears of its client. */
export interface Heard {
  /** A command goes to the server, as when the answers should come into view. */
  command(command: string): void;
  answer(event: AnswerEvent): void;
  status(status: Status): void;
  running(): void;
  /** The connection is gone without our asking; true when it shall be made again. */
  closed(): Promise<boolean>;
}

/** A client that was not started yet. */
export function makeClient(making: Making): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.flatMap((language) => [
      { language, scheme: "file" },
      { language, scheme: "untitled" },
    ]),
    outputChannel: making.output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: { ...checkSettings(making.settings), ...making.options },
    errorHandler: errorHandler(making.heard),
    initializationFailedHandler: () => false,
    markdown: { isTrusted: { enabledCommands: LINKS }, supportHtml: false },
    diagnosticPullOptions: { onChange: true, onSave: true },
    middleware: {
      workspace: {
        // Only the settings that are the server's, and of them only those that were set.
        configuration: (params) =>
          params.items.map((item) => {
            if (item.section !== SECTION) return null;
            const scope = item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined;
            return checkSettings(making.settings, scope);
          }),
      },
      executeCommand: (command, args, next) => {
        making.heard.command(command);
        return next(command, args);
      },
    },
  };
  const server = { command: making.command, args: ["serve"] };
  const client = new LanguageClient(SECTION, "Backend Expert", server, options);
  client.registerFeature(new Answers());
  client.onNotification(ANSWER, (event: AnswerEvent) => making.heard.answer(event));
  client.onRequest(COMPLETE, (asked: Completion, token: vscode.CancellationToken) =>
    complete(asked, (text) => void client.sendNotification(COMPLETION, { id: asked.id, text }), token),
  );
  client.onNotification(STATUS, (status: Status) => making.heard.status(status));
  client.onDidChangeState((event) => event.newState === State.Running && making.heard.running());
  return client;
}

function errorHandler(heard: Heard): ErrorHandler {
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: async () => {
      const action = (await heard.closed()) ? CloseAction.Restart : CloseAction.DoNotRestart;
      return { action, handled: true };
    },
  };
}

/** Tells the server that this client shows answers itself. */
class Answers implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const experimental = (capabilities.experimental ?? {}) as Record<string, unknown>;
    const own: Experimental = { answers: true, links: true, completes: canLend() };
    capabilities.experimental = { ...experimental, backendExpert: own };
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: "static" };
  }

  clear(): void {}
}

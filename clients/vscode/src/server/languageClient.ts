/**
 * The language client: what this editor can do beyond LSP, and what passes between. Loaded when the
 * server starts and not before, because it is most of the extension's code.
 */

import * as vscode from "vscode";
import {
  type ClientCapabilities,
  CloseAction,
  type DynamicFeature,
  ErrorAction,
  type ErrorHandler,
  ExecuteCommandRequest,
  type FeatureState,
  LanguageClient,
  type LanguageClientOptions,
  LSPErrorCodes,
  ResponseError,
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
    },
  };
  const server = { command: making.command, args: ["serve"] };
  const client = new Client(SECTION, "Backend Expert", server, options);
  client.registerFeature(new Answers());
  client.onNotification(ANSWER, (event: AnswerEvent) => making.heard.answer(event));
  client.onRequest(COMPLETE, (asked: Completion, token: vscode.CancellationToken) =>
    complete(asked, (text) => void client.sendNotification(COMPLETION, { id: asked.id, text }), token).catch(refused),
  );
  client.onNotification(STATUS, (status: Status) => making.heard.status(status));
  client.onDidChangeState((event) => event.newState === State.Running && making.heard.running());
  return client;
}

/** Any other error would come to the server with words of the connection around it. */
function refused(error: Error): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
}

/** Leaves the server's commands to us: a client of its own would know them only while it runs. */
class Client extends LanguageClient {
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    const isCommands = "registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method;
    if (!isCommands) super.registerFeature(feature);
  }
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

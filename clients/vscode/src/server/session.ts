/** The session with the server: started, watched, started again, and told about. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { AnswerEvent, Commands, Options, Status } from "../protocol";
import { BackOff } from "./backoff";
import { type Located, type Source, SOURCES } from "./locate";
import type { State } from "./state";

/** What a session stands on: where its parts come from, and who hears of it. */
export interface Ground {
  output: vscode.OutputChannel;
  /** The names of the settings that the server may know. */
  settings: readonly string[];
  options(): Promise<Options>;
  locate(): Promise<Located>;
  onAnswer(event: AnswerEvent): void;
}

const IDLE: Status = { state: "idle" };
/** States after which the server runs, or is known not to. */
const ON_THE_WAY: readonly State["kind"][] = ["starting", "waiting"];

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<State>();
  private readonly backOff = new BackOff();
  private turn: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;
  private client: LanguageClient | undefined;
  private runningSince = 0;
  private status = IDLE;
  private source: Source = "path";
  private answers = 0;
  state: State = { kind: "stopped" };
  readonly onDidChange = this.changed.event;

  constructor(private readonly ground: Ground) {}

  /** Starts, or starts again with what is set now; a restart that still waits for its turn is enough. */
  restart(): Promise<void> {
    this.backOff.reset();
    this.waiting ??= this.next(async () => {
      this.tell({ kind: "starting" });
      await this.end();
      this.waiting = undefined;
      await this.begin();
    });
    return this.waiting;
  }

  /** Ends the server, as before its program is replaced. */
  stop(): Promise<void> {
    return this.next(async () => {
      await this.end();
      this.tell({ kind: "stopped" });
    });
  }

  /** Whether commands can be sent. */
  get isRunning(): boolean {
    // A client whose connection has just broken still says that it runs.
    return this.state.kind === "running" && (this.client?.isRunning() ?? false);
  }

  /** The version that the server says it is. */
  get version(): string | undefined {
    return this.client?.initializeResult?.serverInfo?.version;
  }

  /** Whether the server is the one that the extension has installed. */
  get isPrivate(): boolean {
    return this.source === "private";
  }

  /** Sends one of our commands; the shapes come from the server's own list. */
  command<Name extends keyof Commands>(
    command: Name,
    params: Commands[Name]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Commands[Name]["result"]> {
    return this.send(command, params === null ? [] : [params], token);
  }

  /**
   * Sends a command as it is, once the server runs. A server that ends before anything has come of it
   * was being started anew: then the next one is sent it, too.
   */
  async send<Result>(command: string, args: unknown[], token?: vscode.CancellationToken): Promise<Result> {
    const request = { command, arguments: args };
    const more = token ? [token] : []; // an undefined token would be sent as a parameter
    for (let isFirst = true; ; isFirst = false) {
      const client = await this.running();
      const before = this.answers;
      try {
        return await client.sendRequest<Result>("workspace/executeCommand", request, ...more);
      } catch (error) {
        if (client === this.client && this.isRunning) throw error;
        if (this.answers > before) throw new vscode.CancellationError(); // the answer itself says how it ended
        if (!isFirst) throw new Error("the server has ended before it could answer; ask again");
      }
    }
  }

  /** The client of a server that runs, waited for where one is on the way. */
  private running(): Promise<LanguageClient> {
    return new Promise((resolve, reject) => {
      const look = (): boolean => {
        const isComing = this.waiting !== undefined || ON_THE_WAY.includes(this.state.kind);
        if (!this.waiting && this.client && this.isRunning) resolve(this.client);
        else if (!isComing) reject(new Error("the server is not running"));
        else return false;
        return true;
      };
      if (look()) return;
      const heard = this.onDidChange(() => look() && heard.dispose());
    });
  }

  /** Says what is being done; used while the server is installed, too. */
  tell(state: State): void {
    this.state = state;
    this.changed.fire(state);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose(2000).catch(() => undefined);
  }

  private async begin(): Promise<void> {
    this.tell({ kind: "starting" });
    try {
      await this.start();
    } catch (error) {
      if (this.state.kind !== "starting") return; // it was told, or something newer was
      const reason = error instanceof Error ? error.message : String(error);
      this.tell({ kind: "failed", reason: `The server did not start: ${reason}` });
    }
  }

  private async start(): Promise<void> {
    const located = await this.ground.locate();
    if (located.kind === "missing") {
      this.tell(located);
      return;
    }
    this.source = located.source;
    this.ground.output.appendLine(`Starting ${located.command}, found in ${SOURCES[located.source]}`);
    const [options, { makeClient }] = await Promise.all([this.ground.options(), import("./languageClient")]);
    const client: LanguageClient = makeClient({
      command: located.command,
      output: this.ground.output,
      settings: this.ground.settings,
      options,
      heard: {
        answer: (event) => {
          if (event.kind === "begin") this.answers += 1;
          this.ground.onAnswer(event);
        },
        status: (status) => this.took(client, status),
        running: () => this.ran(client),
        closed: () => this.closed(client),
      },
    });
    this.client = client;
    await client.start();
  }

  private ran(client: LanguageClient): void {
    if (client !== this.client) return;
    this.runningSince = Date.now();
    this.took(client, IDLE);
  }

  private took(client: LanguageClient, status: Status): void {
    if (client !== this.client) return;
    this.status = status;
    this.tell({ kind: "running", version: this.version ?? "?", source: SOURCES[this.source], status: this.status });
  }

  /** The connection is gone without our asking for it: waits a little, then has it made again. */
  private async closed(client: LanguageClient): Promise<boolean> {
    if (client !== this.client) return false;
    const ranFor = this.runningSince ? Date.now() - this.runningSince : 0;
    this.runningSince = 0;
    const pause = this.backOff.after(ranFor);
    if (pause === undefined) {
      this.tell({ kind: "failed", reason: "The server keeps crashing. Its output says more." });
      return false;
    }
    this.ground.output.appendLine(`The server ended unexpectedly; starting again in ${pause} ms`);
    this.tell({ kind: "waiting", seconds: Math.ceil(pause / 1000) });
    await new Promise((resolve) => setTimeout(resolve, pause));
    return client === this.client;
  }
}

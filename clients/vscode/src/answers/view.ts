/** The side view of answers: keeps the conversation and does what its buttons say. */

import * as vscode from "vscode";
import { pageOf, resources } from "../pages/html";
import type { AnswerEvent } from "../protocol";
import { after, type Answer, brokenOff, current, decided } from "./conversation";
import type { FromPage, ToPage } from "./messages";

export const VIEW = "backendExpert.answers";

const BODY = `
<main>
  <div id="empty">
    <h1>Ask the backend expert</h1>
    <p>Select code and press <kbd>Ctrl</kbd> <kbd>K</kbd>, then <kbd>B</kbd> (on a Mac <kbd>⌘</kbd> <kbd>K</kbd>), use the light bulb, or write below.
    Answers are made of facts: endpoints, queries, transactions, what fails and where it goes.</p>
  </div>
  <div id="answers" aria-live="polite"></div>
</main>
<form id="ask">
  <textarea id="words" rows="1" aria-label="Your question"></textarea>
  <div class="row"><button type="button" class="quiet" data-do="selectModel" title="Select the model"><span id="model"></span></button>
  <button type="submit">Ask</button></div>
</form>`;

/** What the buttons do beyond the view itself. */
export interface Doing {
  ask(words: string): Promise<void>;
  followUp(id: string, words: string): Promise<void>;
  stop(id: string): Promise<void>;
  regenerate(id: string): Promise<void>;
  review(answer: Answer): Promise<void>;
  apply(answer: Answer): Promise<boolean>;
  open(file: string, line: number): Promise<void>;
}

export class AnswersView implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  private answers: readonly Answer[] = [];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly doing: Doing,
    private readonly about: () => { model: string; running: boolean },
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = resources(this.extension);
    view.webview.onDidReceiveMessage((message: FromPage) => void this.heard(message));
    view.onDidDispose(() => (this.view = undefined));
    view.webview.html = pageOf(view.webview, this.extension, "answers", BODY);
  }

  /** Takes in what the server says of an answer. */
  took(event: AnswerEvent): void {
    this.answers = after(this.answers, event);
    const answer = this.find(event.id);
    if (!answer) return;
    if (event.kind === "begin") this.reveal();
    this.post({ kind: "one", answer });
    this.noteContext();
  }

  /** The server is gone: nothing more will come of what was under way. */
  serverGone(): void {
    this.answers = brokenOff(this.answers);
    this.refresh();
  }

  /** Brings the view before the person's eyes, without taking the focus from the code. */
  reveal(): void {
    if (this.view) this.view.show(true);
    else void vscode.commands.executeCommand(`${VIEW}.focus`, { preserveFocus: true });
  }

  /** Draws everything anew. */
  refresh(): void {
    this.post({ kind: "all", answers: this.answers, ...this.about() });
    this.noteContext();
  }

  clear(): void {
    this.answers = this.answers.filter((one) => one.state === "running");
    this.refresh();
  }

  /** The latest answer of a conversation. */
  find(id: string): Answer | undefined {
    return current(this.answers, id);
  }

  /** Remembers what the person did with a proposal. */
  decide(id: string, what: "applied" | "refused"): void {
    this.answers = decided(this.answers, id, what);
    const answer = this.find(id);
    if (answer) this.post({ kind: "one", answer });
  }

  private async heard(message: FromPage): Promise<void> {
    const answer = "id" in message ? this.find(message.id) : undefined;
    switch (message.kind) {
      case "ready":
        return this.refresh();
      case "ask":
        return this.doing.ask(message.words);
      case "followUp":
        return this.doing.followUp(message.id, message.words);
      case "stop":
        return this.doing.stop(message.id);
      case "regenerate":
        return this.doing.regenerate(message.id);
      case "copyText":
        return vscode.env.clipboard.writeText(message.text);
      case "open":
        return this.doing.open(message.file, message.line);
      case "clear":
        return this.clear();
      case "selectModel":
      case "history":
        return vscode.commands.executeCommand(`backendExpert.${message.kind === "history" ? "openAnswer" : "selectModel"}`);
    }
    if (!answer) return;
    if (message.kind === "copy") await vscode.env.clipboard.writeText(answer.text);
    if (message.kind === "diff") await this.doing.review(answer);
    if (message.kind === "apply" && (await this.doing.apply(answer))) this.decide(answer.id, "applied");
    if (message.kind === "refuse") this.decide(answer.id, "refused");
  }

  private post(message: ToPage): void {
    void this.view?.webview.postMessage(message);
  }

  private noteContext(): void {
    const running = this.answers.some((one) => one.state === "running");
    void vscode.commands.executeCommand("setContext", "backendExpert.answering", running);
  }
}

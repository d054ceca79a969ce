/** Proposals in the editor's own diff editor: the file on the left, what is proposed on the right. */

import * as vscode from "vscode";
import type { Answer } from "../answers/conversation";
import { edited, type FileEdits, filesOf } from "./edits";

export const SCHEME = "backend-expert-proposal";

export class Diffs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  /** Opens a diff for each file of a proposal; the last one is on top. */
  async show(answer: Answer): Promise<void> {
    const files = filesOf(answer.proposal?.edits);
    for (const file of files) {
      const uri = vscode.Uri.parse(file.uri);
      const document = await vscode.workspace.openTextDocument(uri);
      const after = this.after(answer, document, file, files.length === 1);
      if (after === undefined) {
        void vscode.window.showInformationMessage("Backend Expert: the file has changed since; have it answered again.");
        return;
      }
      const right = this.kept(answer.id, uri, after);
      const name = uri.path.split("/").pop() ?? "";
      await vscode.commands.executeCommand("vscode.diff", uri, right, `${name} ⟷ proposed`, { preview: false });
    }
  }

  /** The text of a proposed file. */
  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** The conversation whose proposal a document shows. */
  static answerOf(uri: vscode.Uri | undefined): string | undefined {
    return uri?.scheme === SCHEME ? (new URLSearchParams(uri.query).get("answer") ?? undefined) : undefined;
  }

  /** Closes the diffs of a proposal. */
  async close(id: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const mine = tabs.filter((tab) => {
      const input = tab.input;
      return input instanceof vscode.TabInputTextDiff && Diffs.answerOf(input.modified) === id;
    });
    await vscode.window.tabGroups.close(mine);
    for (const key of this.texts.keys()) {
      if (Diffs.answerOf(vscode.Uri.parse(key)) === id) this.texts.delete(key);
    }
  }

  dispose(): void {
    this.registration.dispose();
  }

  /** The text after the edits; undefined when it is another text by now and cannot be told. */
  private after(answer: Answer, document: vscode.TextDocument, file: FileEdits, isOnly: boolean): string | undefined {
    const isSame = file.version === null || file.version === document.version;
    if (isSame) return edited(document.getText(), file.edits);
    return isOnly ? answer.proposal?.after || undefined : undefined;
  }

  private kept(answer: string, of: vscode.Uri, text: string): vscode.Uri {
    const query = new URLSearchParams({ answer, of: of.toString() }).toString();
    const uri = vscode.Uri.from({ scheme: SCHEME, path: of.path, query });
    this.texts.set(uri.toString(), text);
    return uri;
  }
}

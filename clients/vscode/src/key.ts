/** The key of a model, in the editor's secret storage and nowhere else. */

import * as vscode from "vscode";

const NAME = "backendExpert.model.key";

export class Key {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /** Hears of every change, in any window. */
  readonly onDidChange = (heard: () => void): vscode.Disposable =>
    this.secrets.onDidChange((event) => event.key === NAME && heard());

  get(): Thenable<string | undefined> {
    return this.secrets.get(NAME);
  }

  /** Asks for the key; true when one was given. */
  async ask(): Promise<boolean> {
    const key = await vscode.window.showInputBox({
      title: "Backend Expert: API key",
      prompt: "Kept in the editor's secret storage, never in settings.",
      password: true,
      ignoreFocusOut: true,
    });
    if (!key?.trim()) return false;
    await this.secrets.store(NAME, key.trim());
    return true;
  }

  async remove(): Promise<void> {
    await this.secrets.delete(NAME);
    void vscode.window.showInformationMessage("Backend Expert: the API key is removed.");
  }
}

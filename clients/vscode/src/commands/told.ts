/** Failures of commands, told to the person in one sentence. */

import * as vscode from "vscode";

/** What a command gives, in a box; undefined when it failed, which the person then knows. */
export async function told<T>(work: Promise<T>): Promise<{ value: T } | undefined> {
  try {
    return { value: await work };
  } catch (error) {
    if (!isCancelled(error)) {
      const words = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`Backend Expert: ${words}`);
    }
    return undefined;
  }
}

function isCancelled(error: unknown): boolean {
  const code = (error as { code?: number }).code;
  return error instanceof vscode.CancellationError || code === -32800 || code === -32802;
}

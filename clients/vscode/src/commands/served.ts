/** The server's own commands, by the names that its light bulbs, lenses and links have for them. */

import * as vscode from "vscode";
import { COMMANDS } from "../protocol";
import type { Session } from "../server/session";
import { told } from "./told";

/** Registers all of them; `asking` is told of a question on its way. */
export function serverCommands(session: Session, asking: () => void): vscode.Disposable {
  const all = COMMANDS.map((name) =>
    vscode.commands.registerCommand(name, async (...args: unknown[]) => {
      if (name === "backendExpert.ask") asking();
      return (await told(session.send(name, args)))?.value;
    }),
  );
  return vscode.Disposable.from(...all);
}

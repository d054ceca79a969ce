/** What the answers' buttons do: commands to the server, diffs, and going to code. */

import * as vscode from "vscode";
import type { Answer } from "./answers/conversation";
import type { Doing } from "./answers/view";
import { freeQuestion } from "./commands/asking";
import { told } from "./commands/told";
import { goToFile } from "./places";
import type { Diffs } from "./proposals/diffs";
import type { Session } from "./server/session";

/** The buttons' work. `applied` is told of an answer whose edits were made. */
export function doing(session: Session, diffs: Diffs, applied: (id: string) => void): Doing {
  return {
    ask: async (words) => {
      const question = freeQuestion(words);
      if (question) await told(session.command("backendExpert.ask", question));
      else void vscode.window.showInformationMessage("Backend Expert: open a file to ask about first.");
    },
    followUp: async (id, words) => void (await told(session.command("backendExpert.followUp", { id, words }))),
    stop: async (id) => void (await told(session.command("backendExpert.stop", { id }))),
    regenerate: async (id) => void (await told(session.command("backendExpert.regenerate", { id }))),
    review: (answer) => diffs.show(answer),
    apply: async (answer) => {
      const done = await apply(session, diffs, answer);
      if (done) applied(answer.id);
      return done;
    },
    open: goToFile,
  };
}

/** Has the server make a proposal's edits, which it does only to the text that they were made for. */
export async function apply(session: Session, diffs: Diffs, answer: Answer): Promise<boolean> {
  const done = await told(session.command("backendExpert.apply", { id: answer.id }));
  if (!done) return false;
  await diffs.close(answer.id);
  return true;
}

/** What the answers' page and the extension say to each other. */

import type { Answer } from "./conversation";

/** To the page: everything, or one answer that has changed. */
export type ToPage =
  | { kind: "all"; answers: readonly Answer[]; model: string; running: boolean }
  | { kind: "one"; answer: Answer };

/** From the page. */
export type FromPage =
  | { kind: "ready" }
  | { kind: "ask"; words: string }
  | { kind: "followUp"; id: string; words: string }
  | { kind: "stop" | "regenerate" | "diff" | "apply" | "refuse" | "copy"; id: string }
  | { kind: "copyText"; text: string }
  | { kind: "open"; file: string; line: number }
  | { kind: "clear" | "selectModel" | "history" };

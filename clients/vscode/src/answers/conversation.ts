/** The conversation with the expert: what its events add up to. Pure. */

import type { AnswerEvent, Proposal } from "../protocol";

export type Outcome = "running" | "done" | "stopped" | "failed";

export interface Answer {
  /** What tells it from every other answer; a conversation has one for each question. */
  key: string;
  /** The conversation it belongs to, which is what the server knows. */
  id: string;
  title: string;
  text: string;
  state: Outcome;
  /** Why there is no more, when that is known. */
  reason: string;
  model: string;
  tokens: number;
  cost: number;
  proposal: Proposal | undefined;
  /** What the person did with the proposal. */
  decided: "" | "applied" | "refused";
}

/** Answers that are kept; older ones are still in the server's history. */
const MOST = 30;

/** The answers after an event. */
export function after(answers: readonly Answer[], event: AnswerEvent): readonly Answer[] {
  if (event.kind === "begin") {
    const begun = { ...fresh(event.id), title: event.title ?? "", model: event.model ?? "" };
    return [...answers, begun].slice(-MOST);
  }
  const last = current(answers, event.id);
  if (!last) return after([...answers, fresh(event.id)], event);
  return answers.map((one) => (one === last ? changed(one, event) : one));
}

/** The latest answer of a conversation. */
export function current(answers: readonly Answer[], id: string): Answer | undefined {
  return answers.filter((one) => one.id === id).pop();
}

/** The answers once the server is gone: what was under way is broken off. */
export function brokenOff(answers: readonly Answer[]): readonly Answer[] {
  if (!answers.some((one) => one.state === "running")) return answers;
  const reason = "The server ended before the answer was complete.";
  return answers.map((one) => (one.state === "running" ? { ...one, state: "failed", reason } : one));
}

/** The answers after a person has decided about a proposal. */
export function decided(answers: readonly Answer[], id: string, what: "applied" | "refused"): readonly Answer[] {
  const last = current(answers.filter((one) => one.proposal), id);
  return answers.map((one) => (one === last ? { ...one, decided: what } : one));
}

let count = 0;

function fresh(id: string): Answer {
  count += 1;
  return {
    key: `${id}#${count}`,
    id,
    title: "",
    text: "",
    state: "running",
    reason: "",
    model: "",
    tokens: 0,
    cost: 0,
    proposal: undefined,
    decided: "",
  };
}

function changed(one: Answer, event: AnswerEvent): Answer {
  const model = event.model ?? one.model;
  const used = { model, tokens: event.tokens ?? one.tokens, cost: event.cost ?? one.cost };
  switch (event.kind) {
    case "text":
      return { ...one, text: one.text + (event.text ?? "") };
    case "usage":
      return { ...one, ...used };
    case "proposal":
      return { ...one, proposal: event.proposal };
    case "end":
      return { ...one, ...used, state: outcome(event.outcome), reason: event.text ?? WHY[outcome(event.outcome)] };
    default:
      return one;
  }
}

/** What is said at the end where the server gives no reason. */
const WHY: Record<Outcome, string> = { running: "", done: "", stopped: "Stopped.", failed: "The answer failed." };

function outcome(word: string | undefined): Outcome {
  if (word === "stopped" || word === "cancelled") return "stopped";
  return word === "failed" ? "failed" : "done";
}

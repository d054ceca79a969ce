/** The server's state as the person is told of it. */

import { dollars } from "../money";
import type { Status } from "../protocol";

export type State =
  | { kind: "starting" }
  | { kind: "running"; version: string; source: string; status: Status }
  | { kind: "waiting"; seconds: number }
  | { kind: "missing"; looked: string[]; complaint?: string }
  | { kind: "installing"; step: string }
  | { kind: "failed"; reason: string }
  | { kind: "stopped" };

export interface Shown {
  text: string;
  tooltip: string;
  severity: "none" | "warning" | "error";
  busy: boolean;
}

/** What the status bar says. */
export function shown(state: State): Shown {
  const calm = { severity: "none", busy: false } as const;
  switch (state.kind) {
    case "starting":
      return { ...calm, text: "$(loading~spin) Backend", tooltip: "Starting the server", busy: true };
    case "running":
      return running(state.status, `Server ${state.version} from ${state.source}`);
    case "waiting":
      return {
        text: "$(sync) Backend",
        tooltip: `The server ended unexpectedly; it starts again in ${state.seconds} s`,
        severity: "warning",
        busy: true,
      };
    case "installing":
      return { ...calm, text: "$(loading~spin) Backend", tooltip: state.step, busy: true };
    case "missing":
      return {
        text: "$(cloud-download) Backend",
        tooltip: state.complaint ?? "The server is not installed. Click to install it.",
        severity: "warning",
        busy: false,
      };
    case "failed":
      return { text: "$(error) Backend", tooltip: state.reason, severity: "error", busy: false };
    case "stopped":
      return { ...calm, text: "$(circle-slash) Backend", tooltip: "The server is stopped" };
  }
}

function running(status: Status, origin: string): Shown {
  const cost = status.cost ? ` ${dollars(status.cost)}` : "";
  const detail = status.detail ? `${status.detail}\n\n` : "";
  const spent = status.cost ? `\n\n${dollars(status.cost)} for models in this session` : "";
  const tooltip = `${detail}${origin}${spent}`;
  switch (status.state) {
    case "checking":
      return { text: "$(sync~spin) Backend", tooltip, severity: "none", busy: true };
    case "asking":
      return { text: `$(comment-discussion) Backend${cost}`, tooltip, severity: "none", busy: true };
    case "idle":
      return { text: `$(server-process) Backend${cost}`, tooltip, severity: "none", busy: false };
  }
}

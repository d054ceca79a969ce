/** What the map's page and the extension say to each other. */

import type { Range, ServiceMap } from "../protocol";

export type ToMap = { kind: "map"; map: ServiceMap } | { kind: "trouble"; words: string };

export type FromMap = { kind: "ready" | "refresh" } | { kind: "open"; uri: string; range?: Range };

/** The tree "Backend" as plain data, put together from the server's overview and the findings. */

import type { Entry, Group, Overview, Range } from "../protocol";

export interface Item {
  label: string;
  detail: string;
  tooltip?: string;
  icon: string;
  colour?: string;
  uri?: string;
  range?: Range;
  /** Its place among the children of its parent, so that the tree keeps what was opened. */
  id: string;
  children: Item[];
  isOpen?: boolean;
}

/** A finding, as far as the tree shows it. */
export interface Finding {
  rule: string;
  message: string;
  severity: 0 | 1 | 2 | 3;
  uri: string;
  file: string;
  range: Range;
}

/** The top groups; those with nothing in them are left out. */
export function items(overview: Overview | undefined, findings: readonly Finding[]): Item[] {
  const groups = [
    branch("Findings", "warning", byArea(findings), findings.length),
    branch("Endpoints", "globe", (overview?.endpoints ?? []).map((one, at) => leaf(one, `e${at}`, "symbol-event"))),
    branch("Queries", "search", (overview?.queries ?? []).map((one, at) => leaf(one, `q${at}`, "symbol-key"))),
    branch("Tables", "table", (overview?.tables ?? []).map((one) => group(one, "table"))),
    branch("Queues and workloads", "mail", (overview?.workloads ?? []).map((one) => group(one, "inbox"))),
  ];
  return groups.filter((one) => one.children.length);
}

function branch(label: string, icon: string, children: Item[], count = children.length): Item {
  return { label, detail: String(count), icon, id: label, children, isOpen: label === "Endpoints" };
}

function leaf(entry: Entry, id: string, icon: string): Item {
  const found = entry.findings ? counted(entry.findings) : "";
  return {
    label: entry.label,
    detail: [entry.detail, found].filter(Boolean).join(" · "),
    icon: entry.findings ? "warning" : icon,
    ...(entry.findings && { colour: "list.warningForeground" }),
    uri: entry.uri,
    range: entry.range,
    id,
    children: [],
  };
}

function group(of: Group, icon: string): Item {
  const children = of.entries.map((entry, at) => leaf(entry, `${of.label}/${at}`, "circle-small-filled"));
  return { label: of.label, detail: of.detail || String(children.length), icon, id: `${icon}:${of.label}`, children };
}

const ICONS = ["error", "warning", "info", "lightbulb"] as const;
const COLOURS = ["list.errorForeground", "list.warningForeground", undefined, undefined] as const;

function byArea(findings: readonly Finding[]): Item[] {
  const areas = new Map<string, Finding[]>();
  for (const one of findings) {
    const area = one.rule.split("/")[0] ?? "";
    areas.set(area, [...(areas.get(area) ?? []), one]);
  }
  return [...areas].sort(([a], [b]) => a.localeCompare(b)).map(([area, found]) => ({
    label: area[0]?.toUpperCase() + area.slice(1),
    detail: String(found.length),
    icon: "folder",
    id: `area:${area}`,
    children: found.sort(worst).map((one, at) => ({
      label: one.message.split("\n")[0] ?? "",
      detail: `${one.file}:${one.range.start.line + 1}`,
      tooltip: `${one.rule}: ${one.message}`,
      icon: ICONS[one.severity],
      ...(COLOURS[one.severity] && { colour: COLOURS[one.severity] as string }),
      uri: one.uri,
      range: one.range,
      id: `${area}/${at}`,
      children: [],
    })),
  }));
}

function worst(a: Finding, b: Finding): number {
  return a.severity - b.severity || a.file.localeCompare(b.file) || a.range.start.line - b.range.start.line;
}

function counted(number: number): string {
  return `${number} ${number === 1 ? "finding" : "findings"}`;
}

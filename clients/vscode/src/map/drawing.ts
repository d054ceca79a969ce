/** The map as SVG: boxes with their lines, and what is lit up. Runs in the webview. */

import type { Drawn, Graph } from "./graph";
import { type Box, type Layout, layout } from "./layout";

const SPACE = "http://www.w3.org/2000/svg";
const LONGEST = 46;
const ICONS: Record<string, string> = {
  endpoint: "→",
  function: "ƒ",
  query: "⌕",
  table: "▦",
  queue: "✉",
  topic: "✉",
  external: "☁",
};

export interface Drawing {
  layer: SVGGElement;
  layout: Layout;
  nodes: Map<string, SVGGElement>;
}

/** Draws a graph; the caller puts the layer where it belongs. */
export function draw(graph: Graph, font: string): Drawing {
  const measure = ruler(font);
  const labels = new Map(graph.nodes.map((node) => [node.key, shortened(node.part.label)]));
  const placed = layout(graph, (key) => 44 + measure(labels.get(key) ?? "") + (badgeOf(graph, key) ? 26 : 0));
  const layer = make("g");
  for (const heading of placed.headings) layer.append(words(heading.label, 0, heading.y + 10, "heading"));
  const lines = layer.appendChild(make("g", { class: "lines" }));
  for (const edge of graph.edges) {
    const [from, to] = [placed.boxes.get(edge.from), placed.boxes.get(edge.to)];
    if (!from || !to) continue;
    const line = lines.appendChild(make("path", { d: curve(from, to), class: "line" }));
    line.dataset["from"] = edge.from;
    line.dataset["to"] = edge.to;
    if (edge.label) line.appendChild(make("title")).textContent = edge.label;
  }
  const nodes = new Map<string, SVGGElement>();
  for (const node of graph.nodes) {
    const box = placed.boxes.get(node.key);
    if (box) nodes.set(node.key, layer.appendChild(boxed(node, box, labels.get(node.key) ?? "")));
  }
  return { layer, layout: placed, nodes };
}

function boxed(node: Drawn, box: Box, label: string): SVGGElement {
  const { part } = node;
  const group = make("g", {
    class: `node ${part.kind}`,
    transform: `translate(${box.x} ${box.y})`,
    tabindex: "0",
    role: "button",
    "aria-label": `${part.kind} ${part.label}${part.findings ? `, ${part.findings} findings` : ""}`,
  });
  group.dataset["key"] = node.key;
  const size = { width: `${box.width}`, height: `${box.height}`, rx: "5" };
  group.append(make("rect", { ...size, class: "box" }));
  group.append(make("rect", { width: "4", height: `${box.height}`, rx: "2", class: "stripe" }));
  group.append(words(ICONS[part.kind] ?? "", 17, box.height / 2, "icon"));
  group.append(words(label, 30, box.height / 2, "label"));
  if (part.findings) {
    group.append(make("rect", { x: `${box.width - 28}`, y: "6", width: "20", height: `${box.height - 12}`, rx: "8", class: "badge" }));
    group.append(words(`${part.findings}`, box.width - 18, box.height / 2, "count"));
  }
  const more = [part.label, part.detail, part.findings ? `${part.findings} findings` : ""].filter(Boolean);
  group.appendChild(make("title")).textContent = more.join("\n");
  return group;
}

function badgeOf(graph: Graph, key: string): number {
  return graph.nodes.find((node) => node.key === key)?.part.findings ?? 0;
}

function curve(from: Box, to: Box): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = Math.max(36, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function words(text: string, x: number, y: number, name: string): SVGTextElement {
  const element = make("text", { x: `${x}`, y: `${y}`, class: name, "dominant-baseline": "central" });
  element.textContent = text;
  return element;
}

function shortened(label: string): string {
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}

function ruler(font: string): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (text) => text.length * 7.5;
  context.font = font;
  return (text) => context.measureText(text).width;
}

/** An element of SVG. */
export function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

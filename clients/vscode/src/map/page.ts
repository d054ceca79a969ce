/** The map's page: search, legend, what is lit up and what is shown alone. Runs in the webview. */

import type { Part, ServiceMap } from "../protocol";
import { Camera } from "./camera";
import { type Drawing, draw, make } from "./drawing";
import { chain, type Drawn, type Graph, graphOf, only } from "./graph";
import type { FromMap, ToMap } from "./messages";

declare function acquireVsCodeApi(): { postMessage(message: FromMap): void };

const host = acquireVsCodeApi();
const svg = document.getElementById("map") as unknown as SVGSVGElement;
const world = svg.appendChild(make("g"));
const camera = new Camera(svg, world);
const search = document.getElementById("search") as HTMLInputElement;
const note = document.getElementById("note") as HTMLElement;
const legend = document.getElementById("legend") as HTMLElement;
const alone = document.getElementById("alone") as HTMLButtonElement;

const hidden = new Set<Part["kind"]>();
let whole: Graph = { nodes: [], edges: [] };
let seen: Graph = whole;
let drawing: Drawing | undefined;
let pinned = "";
let focus = "";

window.addEventListener("message", (event: MessageEvent<ToMap>) => {
  const message = event.data;
  if (message.kind === "trouble") return say(message.words);
  take(message.map);
});

function take(map: ServiceMap): void {
  whole = graphOf(map);
  pinned = focus = "";
  drawLegend();
  redraw();
}

function redraw(): void {
  const inFocus = focus ? chain(whole, focus) : undefined;
  seen = only(whole, (node) => !hidden.has(node.part.kind) && (!inFocus || inFocus.has(node.key)));
  const style = getComputedStyle(document.body);
  drawing = draw(seen, `12.5px ${style.fontFamily}`);
  world.replaceChildren(drawing.layer);
  if (seen.nodes.length) camera.open(drawing.layout);
  say(whole.nodes.length ? "" : "No endpoints or queries were found in this workspace.");
  alone.textContent = focus ? "Show Everything" : "Show Alone";
  light();
}

/** Lights up what is pinned, or else what is searched. */
function light(over = ""): void {
  if (!drawing) return;
  const lit = litBy(over || pinned);
  svg.classList.toggle("dimmed", lit !== undefined);
  for (const [key, node] of drawing.nodes) {
    node.classList.toggle("lit", lit?.has(key) ?? false);
    node.classList.toggle("pinned", key === pinned);
  }
  for (const line of drawing.layer.querySelectorAll<SVGPathElement>(".line")) {
    const { from = "", to = "" } = line.dataset;
    line.classList.toggle("lit", (lit?.has(from) && lit.has(to)) ?? false);
  }
  alone.disabled = !pinned && !focus;
}

function litBy(key: string): Set<string> | undefined {
  if (key) return chain(seen, key);
  const words = search.value.trim().toLowerCase();
  if (!words) return undefined;
  const found = seen.nodes.filter((node) => `${node.part.label} ${node.part.detail ?? ""}`.toLowerCase().includes(words));
  return new Set(found.map((node) => node.key));
}

function drawLegend(): void {
  const kinds = new Map<Part["kind"], number>();
  for (const part of new Set(whole.nodes.map((node) => node.part))) kinds.set(part.kind, (kinds.get(part.kind) ?? 0) + 1);
  legend.replaceChildren(
    ...KINDS.filter(([kind]) => kinds.has(kind)).map(([kind, one, several]) => {
      const number = kinds.get(kind) ?? 0;
      const many = number === 1 ? one : several;
      const button = document.createElement("button");
      button.className = `kind ${kind}`;
      button.setAttribute("aria-pressed", String(!hidden.has(kind)));
      button.title = hidden.has(kind) ? `Show ${many}` : `Hide ${many}`;
      button.textContent = `${number} ${many}`;
      button.addEventListener("click", () => {
        if (!hidden.delete(kind)) hidden.add(kind);
        drawLegend();
        redraw();
      });
      return button;
    }),
  );
}

const KINDS: [Part["kind"], string, string][] = [
  ["endpoint", "endpoint", "endpoints"],
  ["function", "function", "functions"],
  ["query", "query", "queries"],
  ["table", "table", "tables"],
  ["queue", "queue", "queues"],
  ["topic", "topic", "topics"],
  ["external", "other service", "other services"],
];

function nodeOf(target: EventTarget | null): Drawn | undefined {
  const key = (target as Element | null)?.closest<SVGGElement>(".node")?.dataset["key"];
  return seen.nodes.find((node) => node.key === key);
}

svg.addEventListener("pointerover", (event) => light(nodeOf(event.target)?.key));
svg.addEventListener("focusin", (event) => light(nodeOf(event.target)?.key));
svg.addEventListener("click", (event) => {
  if (camera.wasDragged) return;
  choose(nodeOf(event.target));
});
svg.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") choose(nodeOf(event.target));
});

function choose(node: Drawn | undefined): void {
  pinned = node?.key ?? "";
  light();
  if (!node?.part.uri) return;
  const { uri, range } = node.part;
  host.postMessage({ kind: "open", uri, ...(range && { range }) });
}

search.addEventListener("input", () => {
  pinned = "";
  light();
});
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    search.value = "";
    pinned = "";
    light();
  } else if (event.key === "/" && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  }
});

alone.addEventListener("click", () => {
  focus = focus ? "" : pinned;
  redraw();
});
on("nearer", () => camera.zoom(1.25));
on("farther", () => camera.zoom(0.8));
on("fit", () => drawing && camera.fit(drawing.layout));
on("again", () => host.postMessage({ kind: "refresh" }));
new ResizeObserver(() => drawing && !pinned && camera.open(drawing.layout)).observe(svg);

function on(id: string, work: () => void): void {
  document.getElementById(id)?.addEventListener("click", work);
}

function say(words: string): void {
  note.textContent = words;
  note.hidden = !words;
}

host.postMessage({ kind: "ready" });

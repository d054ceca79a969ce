/** The answers' page: draws the conversation and reports what is clicked. Runs in the webview. */

import type { Answer } from "./conversation";
import { dollars } from "../money";
import { rendered } from "./markdown";
import { uris } from "../proposals/edits";
import type { FromPage, ToPage } from "./messages";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const host = acquireVsCodeApi();
const list = element("answers");
const empty = element("empty");
const form = element("ask") as HTMLFormElement;
const box = element("words") as HTMLTextAreaElement;
const model = element("model");
const cards = new Map<string, HTMLElement>();
const waiting = new Map<string, Answer>();
const known = new Map<string, Answer>();

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  const message = event.data;
  if (message.kind === "one") {
    if (!waiting.size) requestAnimationFrame(draw);
    waiting.set(message.answer.key, message.answer);
    return;
  }
  model.textContent = message.model;
  document.body.classList.toggle("offline", !message.running);
  cards.clear();
  known.clear();
  list.replaceChildren();
  for (const answer of message.answers) show(answer);
  settle();
});

function draw(): void {
  const follow = isAtEnd();
  for (const answer of waiting.values()) show(answer);
  waiting.clear();
  settle();
  if (follow) window.scrollTo({ top: document.body.scrollHeight });
}

function settle(): void {
  empty.hidden = cards.size > 0;
  box.placeholder = latest() ? "Ask more…" : "Ask about the code in the editor…";
}

function show(answer: Answer): void {
  let card = cards.get(answer.key);
  if (!card) {
    card = document.createElement("article");
    card.dataset["id"] = answer.id;
    card.dataset["key"] = answer.key;
    card.innerHTML = SKELETON;
    cards.set(answer.key, card);
    list.append(card);
  }
  known.set(answer.key, answer);
  card.dataset["state"] = answer.state;
  text(card, ".title", answer.title || "Answer");
  part(card, ".body").innerHTML = rendered(untitled(answer));
  text(card, ".reason", answer.reason);
  text(card, ".meta", meta(answer));
  const proposal = part(card, ".proposal");
  proposal.hidden = !answer.proposal;
  proposal.dataset["decided"] = answer.decided;
  text(proposal, ".what", answer.proposal?.title ?? "");
  text(proposal, ".why", answer.proposal?.reason ?? "");
  text(proposal, ".files", files(answer));
  text(proposal, ".decision", { "": "", applied: "Applied", refused: "Not applied" }[answer.decided]);
}

/** The answer that was begun last: what one asks more about. */
function latest(): Answer | undefined {
  const last = list.lastElementChild as HTMLElement | null;
  return known.get(last?.dataset["key"] ?? "");
}

/** The text without its heading where that says what the card's own title says. */
function untitled({ text, title }: Answer): string {
  const heading = `# ${title}\n`;
  return text.startsWith(heading) ? text.slice(heading.length) : text;
}

function meta(answer: Answer): string {
  const parts = [answer.model];
  if (answer.tokens) parts.push(`${answer.tokens.toLocaleString("en")} tokens`);
  if (answer.cost) parts.push(dollars(answer.cost));
  return parts.filter(Boolean).join(" · ");
}

function files(answer: Answer): string {
  const names = uris(answer.proposal?.edits).map((uri) => decodeURIComponent(uri.split("/").pop() ?? ""));
  return names.join(", ");
}

const SKELETON = `
<header>
  <span class="dot" aria-hidden="true"></span><h2 class="title"></h2>
</header>
<div class="body"></div>
<p class="reason" role="status"></p>
<section class="proposal" hidden>
  <div class="head"><strong class="what"></strong><span class="files"></span></div>
  <p class="why"></p>
  <div class="row undecided">
    <button data-do="diff">Review</button><button class="second" data-do="apply">Apply</button
    ><button class="quiet" data-do="refuse">Not Now</button>
  </div>
  <div class="decision"></div>
</section>
<footer>
  <span class="meta"></span>
  <span class="tools">
    <button class="quiet live" data-do="stop">Stop</button>
    <button class="quiet dead" data-do="copy" title="Copy the answer as Markdown">Copy</button>
    <button class="quiet dead" data-do="regenerate" title="Have it answered again">Again</button>
  </span>
</footer>`;

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  const place = target.closest<HTMLElement>("a.place");
  if (place) {
    event.preventDefault();
    host.postMessage({ kind: "open", file: place.dataset["file"] ?? "", line: Number(place.dataset["line"]) });
    return;
  }
  const button = target.closest("button");
  if (!button) return;
  if (button.classList.contains("copy")) {
    const code = button.closest(".code")?.querySelector("code")?.textContent ?? "";
    host.postMessage({ kind: "copyText", text: code });
    say(button, "Copied");
  } else if (button.dataset["do"]) {
    const id = button.closest<HTMLElement>("article")?.dataset["id"] ?? "";
    host.postMessage({ kind: button.dataset["do"], id } as FromPage);
    if (button.dataset["do"] === "copy") say(button, "Copied");
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = box.value.trim();
  if (!words) return;
  const last = latest();
  host.postMessage(last ? { kind: "followUp", id: last.id, words } : { kind: "ask", words });
  box.value = "";
  grow();
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
box.addEventListener("input", grow);

function grow(): void {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

function say(button: HTMLElement, words: string): void {
  const before = button.textContent;
  button.textContent = words;
  setTimeout(() => (button.textContent = before), 1200);
}

function isAtEnd(): boolean {
  return window.innerHeight + window.scrollY >= document.body.scrollHeight - 60;
}

function part(within: HTMLElement, selector: string): HTMLElement {
  return within.querySelector<HTMLElement>(selector) as HTMLElement;
}

function text(within: HTMLElement, selector: string, words: string): void {
  const found = part(within, selector);
  if (found.textContent !== words) found.textContent = words;
  found.classList.toggle("none", !words);
}

function element(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}

host.postMessage({ kind: "ready" });

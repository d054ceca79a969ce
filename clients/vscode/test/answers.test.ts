/** The conversation adds up, and no answer can bring anything but text into the page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { after, type Answer, brokenOff, decided } from "../src/answers/conversation";
import { closed, rendered } from "../src/answers/markdown";
import type { AnswerEvent } from "../src/protocol";

function all(...events: AnswerEvent[]): readonly Answer[] {
  return events.reduce<readonly Answer[]>((answers, event) => after(answers, event), []);
}

const BEGIN: AnswerEvent = { id: "a", kind: "begin", title: "Explain" };
const TEXT: AnswerEvent = { id: "a", kind: "text", text: "one " };
const END: AnswerEvent = { id: "a", kind: "end", outcome: "answered" };

test("an answer grows, is paid for and ends", () => {
  const usage: AnswerEvent = { id: "a", kind: "usage", model: "m", tokens: 12, cost: 0.01 };
  const [answer] = all(BEGIN, TEXT, usage, { id: "a", kind: "text", text: "two" }, END);
  assert.equal(answer?.text, "one two");
  assert.deepEqual([answer?.model, answer?.tokens, answer?.state], ["m", 12, "done"]);
});

test("a further answer of the same conversation stands beside the first", () => {
  const answers = all(BEGIN, TEXT, END, BEGIN, { id: "a", kind: "text", text: "more" });
  assert.deepEqual(answers.map((one) => one.text), ["one ", "more"]);
  assert.notEqual(answers[0]?.key, answers[1]?.key);
});

test("a cancelled answer is stopped, and one whose server ends is broken off", () => {
  const cancelled = all(BEGIN, { id: "a", kind: "end", outcome: "cancelled" })[0];
  assert.deepEqual([cancelled?.state, cancelled?.reason], ["stopped", "Stopped."]);
  const [broken] = brokenOff(all(BEGIN, TEXT));
  assert.equal(broken?.state, "failed");
  assert.match(broken?.reason ?? "", /server ended/);
});

test("a decision goes to the answer that proposed", () => {
  const proposal = { title: "Mend", edits: {} };
  const answers = decided(all(BEGIN, { id: "a", kind: "proposal", proposal }, END, BEGIN), "a", "applied");
  assert.deepEqual(answers.map((one) => one.decided), ["applied", ""]);
});

test("only the latest answers are kept", () => {
  const many = Array.from({ length: 40 }, (_, at): AnswerEvent => ({ id: `${at}`, kind: "begin" }));
  assert.equal(all(...many).length, 30);
});

test("HTML, images and links that run something stay text", () => {
  const hostile = [
    '<img src=x onerror="alert(1)">',
    "<script>alert(1)</script>",
    "![pixel](https://example.org/p.png)",
    "[run](command:workbench.action.terminal.new)",
    "[run](javascript:alert(1))",
    "[run](vscode://x/y)",
    "[data](data:text/html,x)",
    "```html\n<b onclick=x>\n```",
    "`<i>:1`",
  ].join("\n\n");
  const html = rendered(hostile);
  assert.doesNotMatch(html, /<(img|script|b|i)\b/);
  assert.doesNotMatch(html, /href="(command|javascript|vscode|data)/);
});

test("links to the web stay, places in code can be clicked, code is highlighted", () => {
  assert.match(rendered("[docs](https://example.org/)"), /<a href="https:\/\/example\.org\/">/);
  assert.match(rendered("see `app/orders.py:12`"), /data-file="app\/orders\.py" data-line="12"/);
  assert.match(rendered("```python\ndef f(): pass\n```"), /hljs-keyword/);
});

test("a code block that is still being written is closed", () => {
  assert.equal(closed("```sql\nSELECT 1"), "```sql\nSELECT 1\n```\n");
  assert.equal(closed("```sql\nSELECT 1\n```"), "```sql\nSELECT 1\n```");
});

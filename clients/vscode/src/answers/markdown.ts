/** Markdown to HTML for the answers: no HTML of its own, no images, no links but to the web. */

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import diff from "highlight.js/lib/languages/diff";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import yaml from "highlight.js/lib/languages/yaml";
import MarkdownIt from "markdown-it";

for (const [name, language] of Object.entries({ bash, diff, javascript, json, python, sql, typescript, yaml })) {
  hljs.registerLanguage(name, language);
}

const WEB = /^(https?:|#)/i;
const PLACE = /^([\w@.~/\\-]+\.(?:py|pyi|[cm]?[jt]sx?|sql|toml|ya?ml|json|md)):(\d+)(?::(\d+))?$/;

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: false, highlight: highlighted });
markdown.disable("image");
markdown.validateLink = (url) => WEB.test(url);
const escape = markdown.utils.escapeHtml;

markdown.renderer.rules["code_inline"] = (tokens, index) => {
  const code = tokens[index]?.content ?? "";
  const place = PLACE.exec(code);
  const shown = `<code>${escape(code)}</code>`;
  if (!place) return shown;
  const [, file = "", line = "1"] = place;
  return `<a class="place" href="#" data-file="${escape(file)}" data-line="${escape(line)}">${shown}</a>`;
};

markdown.renderer.rules.fence = (tokens, index) => {
  const token = tokens[index];
  if (!token) return "";
  const language = token.info.trim().split(/\s/)[0] ?? "";
  const label = language ? `<span class="language">${escape(language)}</span>` : "";
  const copy = `<button class="quiet copy" title="Copy this code" aria-label="Copy this code">Copy</button>`;
  const code = highlighted(token.content, language) || escape(token.content);
  return `<div class="code"><div class="bar">${label}${copy}</div><pre><code>${code}</code></pre></div>`;
};

/** The HTML of a text; it is safe to show whatever the text is. */
export function rendered(text: string): string {
  return markdown.render(closed(text));
}

/** A text that is still being written, with its last code block closed. */
export function closed(text: string): string {
  const fences = text.match(/^ {0,3}(`{3,}|~{3,})/gm) ?? [];
  if (fences.length % 2 === 0) return text;
  const mark = fences[fences.length - 1]?.trim() ?? "```";
  return text.endsWith("\n") ? `${text}${mark}\n` : `${text}\n${mark}\n`;
}

function highlighted(code: string, language: string): string {
  if (!hljs.getLanguage(language)) return "";
  try {
    return hljs.highlight(code, { language, ignoreIllegals: true }).value;
  } catch {
    return "";
  }
}

/** The edits of a proposal: which files they are about, and what a text reads after them. Pure. */

import type { Range } from "../protocol";

export interface TextEdit {
  range: Range;
  newText: string;
}

export interface FileEdits {
  uri: string;
  version: number | null;
  edits: TextEdit[];
}

interface Whole {
  changes?: Record<string, TextEdit[]>;
  documentChanges?: { textDocument?: { uri: string; version: number | null }; edits?: TextEdit[] }[];
}

/** The edits of a `WorkspaceEdit`, file by file. */
export function filesOf(edit: Record<string, unknown> | undefined): FileEdits[] {
  const { changes, documentChanges } = (edit ?? {}) as Whole;
  if (documentChanges) {
    return documentChanges.flatMap(({ textDocument, edits }) =>
      textDocument ? [{ uri: textDocument.uri, version: textDocument.version, edits: edits ?? [] }] : [],
    );
  }
  return Object.entries(changes ?? {}).map(([uri, edits]) => ({ uri, version: null, edits }));
}

/** The URIs of the files that are edited. */
export function uris(edit: Record<string, unknown> | undefined): string[] {
  return filesOf(edit).map((file) => file.uri);
}

/** A text with edits made; their places are those of the text before, in UTF-16. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const starts = lineStarts(text);
  const offset = (line: number, character: number) =>
    line >= starts.length ? text.length : Math.min((starts[line] ?? 0) + character, starts[line + 1] ?? text.length);
  const placed = edits.map(({ range, newText }) => ({
    from: offset(range.start.line, range.start.character),
    to: offset(range.end.line, range.end.character),
    newText,
  }));
  placed.sort((a, b) => b.from - a.from || b.to - a.to);
  return placed.reduce((whole, { from, to, newText }) => whole.slice(0, from) + newText + whole.slice(to), text);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const found of text.matchAll(/\r\n|\n|\r/g)) starts.push(found.index + found[0].length);
  return starts;
}

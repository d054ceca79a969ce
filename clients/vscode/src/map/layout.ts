/** A layered layout: columns are given, the order within them and the heights are found. Pure. */

import { type Graph, only } from "./graph";

export interface Box {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Heading {
  label: string;
  y: number;
}

export interface Layout {
  boxes: Map<string, Box>;
  headings: Heading[];
  width: number;
  height: number;
}

export const HEIGHT = 28;
const ROW = 38;
const GAP = 90;
const SWEEPS = 12;
const HEAD = 34;
const BETWEEN = 40;

/**
 * Where each node stands, the projects one beneath the other. `widthOf` tells how wide a node's
 * text makes it.
 */
export function layout(graph: Graph, widthOf: (key: string) => number): Layout {
  const groups = [...new Set(graph.nodes.map((node) => node.part.group ?? ""))];
  const whole: Layout = { boxes: new Map(), headings: [], width: 0, height: 0 };
  for (const group of groups.sort()) {
    const one = layered(only(graph, (node) => (node.part.group ?? "") === group), widthOf);
    const top = whole.height + (whole.height ? BETWEEN : 0);
    const head = groups.length > 1 ? HEAD : 0;
    if (head) whole.headings.push({ label: group, y: top });
    for (const box of one.boxes.values()) whole.boxes.set(box.key, { ...box, y: box.y + top + head });
    whole.width = Math.max(whole.width, one.width);
    whole.height = top + head + one.height;
  }
  return whole;
}

/** Where each node of one project stands. */
function layered(graph: Graph, widthOf: (key: string) => number): Omit<Layout, "headings"> {
  const columns = columnsOf(graph);
  const near = neighbours(graph);
  order(columns, near);
  const heights = heightsOf(columns, near);
  const boxes = new Map<string, Box>();
  let x = 0;
  for (const column of columns) {
    const width = Math.max(0, ...column.map(widthOf));
    for (const key of column) boxes.set(key, { key, x, y: heights.get(key) ?? 0, width, height: HEIGHT });
    x += width + GAP;
  }
  const all = [...boxes.values()];
  const top = Math.min(0, ...all.map((box) => box.y));
  for (const box of all) box.y -= top;
  return { boxes, width: Math.max(0, x - GAP), height: Math.max(0, ...all.map((box) => box.y + box.height)) };
}

/** The keys of each column that has any, those with alike names together. */
function columnsOf(graph: Graph): string[][] {
  const numbers = [...new Set(graph.nodes.map((node) => node.column))].sort((a, b) => a - b);
  return numbers.map((number) =>
    graph.nodes
      .filter((node) => node.column === number)
      .sort((a, b) => sortName(a.part.label).localeCompare(sortName(b.part.label)))
      .map((node) => node.key),
  );
}

/** An endpoint goes by its path, not by its method. */
function sortName(label: string): string {
  return label.replace(/^[A-Z]+ (?=\/)/, "");
}

function neighbours(graph: Graph): Map<string, string[]> {
  const near = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  return near;
}

/** Sorts the columns so that lines cross seldom: each node near the middle of its neighbours. */
function order(columns: string[][], near: Map<string, string[]>): void {
  const at = new Map<string, number>();
  const note = (column: readonly string[]) => {
    column.forEach((key, index) => at.set(key, (index + 0.5) / column.length));
  };
  columns.forEach(note);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 ? [...columns].reverse() : columns) {
      const wish = new Map(column.map((key) => [key, mean((near.get(key) ?? []).map((one) => at.get(one) ?? 0)) ?? at.get(key) ?? 0]));
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      note(column);
    }
  }
}

/** The heights: each node as near to its neighbours as the order and the space allow. */
function heightsOf(columns: readonly string[][], near: Map<string, string[]>): Map<string, number> {
  const heights = new Map<string, number>();
  const tallest = Math.max(0, ...columns.map((column) => column.length)) * ROW;
  for (const column of columns) {
    const start = (tallest - column.length * ROW) / 2;
    column.forEach((key, index) => heights.set(key, start + index * ROW));
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 ? [...columns].reverse() : columns) {
      const wishes = column.map((key) => mean((near.get(key) ?? []).map((one) => heights.get(one) ?? 0)) ?? heights.get(key) ?? 0);
      spread(wishes).forEach((y, index) => heights.set(column[index] ?? "", y));
    }
  }
  return heights;
}

/** Places in order, a row apart, with the least distance to what is wished (pooled neighbours). */
export function spread(wishes: readonly number[]): number[] {
  const blocks: { sum: number; size: number }[] = [];
  wishes.forEach((wish, index) => {
    let block = { sum: wish - index * ROW, size: 1 };
    for (let last = blocks[blocks.length - 1]; last && last.sum / last.size >= block.sum / block.size; last = blocks[blocks.length - 1]) {
      block = { sum: last.sum + block.sum, size: last.size + block.size };
      blocks.pop();
    }
    blocks.push(block);
  });
  const starts = blocks.flatMap((block) => Array<number>(block.size).fill(block.sum / block.size));
  return starts.map((start, index) => start + index * ROW);
}

function mean(numbers: readonly number[]): number | undefined {
  return numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : undefined;
}

/** The tree "Backend" in the side bar: drawn when it is looked at, anew when files are saved. */

import * as vscode from "vscode";
import { ruleOf } from "../commands/rules";
import { plainRange, rangeOf } from "../places";
import type { Overview } from "../protocol";
import type { Session } from "../server/session";
import { type Finding, type Item, items } from "./items";

const PAUSE = 800;

export class BackendTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Item>;
  private readonly heard: vscode.Disposable[];
  private overview: Overview | undefined;
  private isStale = true;
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly session: Session) {
    this.view = vscode.window.createTreeView("backendExpert.backend", { treeDataProvider: this, showCollapseAll: true });
    this.heard = [
      this.view,
      this.changed,
      this.view.onDidChangeVisibility(() => this.look()),
      session.onDidChange((state) => state.kind === "running" && !this.overview && this.refresh()),
      vscode.workspace.onDidSaveTextDocument(() => this.refresh()),
      vscode.languages.onDidChangeDiagnostics(() => this.later()),
    ];
  }

  /** Has the overview read again, now if the tree is seen, else when it is. */
  refresh(): void {
    this.isStale = true;
    this.later();
  }

  getTreeItem(item: Item): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const shown = new vscode.TreeItem(item.label, item.children.length ? (item.isOpen ? Expanded : Collapsed) : None);
    shown.id = item.id;
    shown.description = item.detail;
    shown.iconPath = new vscode.ThemeIcon(item.icon, item.colour ? new vscode.ThemeColor(item.colour) : undefined);
    if (item.tooltip) shown.tooltip = item.tooltip;
    if (item.uri && item.range) {
      const range = rangeOf(item.range);
      const options = { selection: new vscode.Range(range.start, range.start), preserveFocus: false };
      shown.command = { command: "vscode.open", title: "Open", arguments: [vscode.Uri.parse(item.uri), options] };
    }
    return shown;
  }

  getChildren(item?: Item): Item[] {
    return item ? item.children : items(this.overview, findings());
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.heard).dispose();
  }

  private look(): void {
    if (this.view.visible && this.isStale && this.session.isRunning) void this.read();
  }

  private async read(): Promise<void> {
    this.isStale = false;
    const reading = Promise.resolve(this.session.command("backendExpert.overview", null));
    void vscode.window.withProgress({ location: { viewId: "backendExpert.backend" } }, () => reading.catch(() => undefined));
    try {
      this.overview = await reading;
    } catch {
      this.isStale = true; // asked again when something changes
    }
    this.changed.fire();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.look();
      this.changed.fire();
    }, PAUSE);
  }
}

function findings(): Finding[] {
  return vscode.languages.getDiagnostics().flatMap(([uri, all]) =>
    all.flatMap((one) => {
      const rule = ruleOf(one);
      if (!rule) return [];
      const file = vscode.workspace.asRelativePath(uri);
      return [{ rule, message: one.message, severity: one.severity, uri: uri.toString(), file, range: plainRange(one.range) }];
    }),
  );
}

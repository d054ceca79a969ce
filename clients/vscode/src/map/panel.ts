/** The panel with the architecture map, drawn from what the server says of the workspace. */

import * as vscode from "vscode";
import { pageOf, resources } from "../pages/html";
import { goTo } from "../places";
import type { Session } from "../server/session";
import type { FromMap, ToMap } from "./messages";

const BODY = `
<header>
  <input id="search" type="search" placeholder="Search (/)" aria-label="Search the map">
  <div id="legend" role="group" aria-label="Kinds of parts"></div>
  <div class="tools">
    <button id="alone" class="tool" title="Show only what leads to the selected part and what it leads to">Show Alone</button>
    <button id="farther" class="tool" aria-label="Zoom out">−</button>
    <button id="nearer" class="tool" aria-label="Zoom in">+</button>
    <button id="fit" class="tool">Fit</button>
    <button id="again" class="tool" title="Read the workspace again">Refresh</button>
  </div>
</header>
<svg id="map" role="group" aria-label="Architecture map"></svg>
<p id="note">Reading the workspace…</p>`;

export class MapPanel {
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly session: Session,
  ) {}

  /** Opens the panel, or brings it to the front with a fresh map. */
  show(): void {
    if (this.panel) {
      this.panel.reveal();
      void this.draw();
      return;
    }
    const options = { ...resources(this.extension), retainContextWhenHidden: true };
    const panel = vscode.window.createWebviewPanel("backendExpert.map", "Architecture Map", vscode.ViewColumn.Active, options);
    this.panel = panel;
    const icon = (theme: string) => vscode.Uri.joinPath(this.extension, "media", `map-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    panel.onDidDispose(() => (this.panel = undefined));
    panel.webview.onDidReceiveMessage((message: FromMap) => void this.heard(message));
    panel.webview.html = pageOf(panel.webview, this.extension, "map", BODY);
  }

  private async heard(message: FromMap): Promise<void> {
    if (message.kind === "open") {
      const beside = this.panel?.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
      await goTo(message.uri, message.range, beside);
    } else {
      await this.draw();
    }
  }

  private async draw(): Promise<void> {
    const post = (message: ToMap) => this.panel?.webview.postMessage(message);
    const options = { location: vscode.ProgressLocation.Window, title: "Backend Expert: drawing the map" };
    try {
      const map = await vscode.window.withProgress(options, () => this.session.command("backendExpert.map", null));
      post({ kind: "map", map });
    } catch (error) {
      post({ kind: "trouble", words: `The map could not be drawn: ${error instanceof Error ? error.message : error}` });
    }
  }
}

/** The camera over the map: drag or scroll to move, Ctrl and wheel to zoom. Runs in the webview. */

import type { Layout } from "./layout";

const NEAREST = 2.5;
const MARGIN = 28;
const READABLE = 0.6;

export class Camera {
  private x = 0;
  private y = 0;
  private scale = 1;
  private moved = 0;

  constructor(
    private readonly svg: SVGSVGElement,
    private readonly world: SVGGElement,
  ) {
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.grab(event));
  }

  /** Whether the last press of the button was a drag and no click. */
  get wasDragged(): boolean {
    return this.moved > 4;
  }

  /** Shows the map from its top, as wide as there is room, but never too small to be read. */
  open(layout: Layout): void {
    const { clientWidth } = this.svg;
    this.place(layout, Math.max(READABLE, (clientWidth - 2 * MARGIN) / layout.width));
    this.y = Math.max(MARGIN, Math.min(this.y, MARGIN));
    this.apply();
  }

  /** Shows everything. */
  fit(layout: Layout): void {
    const { clientWidth, clientHeight } = this.svg;
    this.place(layout, Math.min((clientWidth - 2 * MARGIN) / layout.width, (clientHeight - 2 * MARGIN) / layout.height));
    this.apply();
  }

  /** Comes nearer or goes away, around the middle or a point. */
  zoom(factor: number, x = this.svg.clientWidth / 2, y = this.svg.clientHeight / 2): void {
    const scale = Math.min(NEAREST, Math.max(0.1, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.apply();
  }

  private place(layout: Layout, scale: number): void {
    const { clientWidth, clientHeight } = this.svg;
    this.scale = Math.min(1.15, Math.max(0.1, scale));
    this.x = Math.max(MARGIN, (clientWidth - layout.width * this.scale) / 2);
    this.y = Math.max(MARGIN, (clientHeight - layout.height * this.scale) / 2);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      const box = this.svg.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    } else {
      this.x -= event.shiftKey ? event.deltaY : event.deltaX;
      this.y -= event.shiftKey ? 0 : event.deltaY;
      this.apply();
    }
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.moved = 0;
    let [x, y] = [event.clientX, event.clientY];
    const drag = (now: PointerEvent) => {
      this.moved += Math.abs(now.clientX - x) + Math.abs(now.clientY - y);
      this.x += now.clientX - x;
      this.y += now.clientY - y;
      [x, y] = [now.clientX, now.clientY];
      this.svg.classList.add("dragging");
      this.apply();
    };
    const drop = () => {
      window.removeEventListener("pointermove", drag);
      this.svg.classList.remove("dragging");
    };
    window.addEventListener("pointermove", drag);
    window.addEventListener("pointerup", drop, { once: true });
  }

  private apply(): void {
    this.world.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.scale})`);
  }
}

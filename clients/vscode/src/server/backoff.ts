/** Back-off: how long to wait before a crashed server is started again, and when to give up. */

const FIRST = 500;
const LONGEST = 20_000;
const MOST = 7;
/** Having run for as long, a server counts as well again. */
const HEALTHY = 60_000;

export class BackOff {
  private crashes = 0;

  /** The milliseconds to wait after a crash; undefined when it has crashed too often in a row. */
  after(ranFor: number): number | undefined {
    if (ranFor >= HEALTHY) this.crashes = 0;
    this.crashes += 1;
    if (this.crashes > MOST) return undefined;
    return Math.min(FIRST * 2 ** (this.crashes - 1), LONGEST);
  }

  /** Begins anew, as when the person restarts the server by hand. */
  reset(): void {
    this.crashes = 0;
  }
}

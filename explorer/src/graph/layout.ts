/** The page's side of the layout: sends the graph to the worker and moves its nodes as it is told. */

import { calm } from './calm';
import type { Asked, Told } from './layout-messages';
import type { Drawn } from './model';

export class Layout {
  private worker: Worker | null = null;
  private turn = 0;
  private rows: ReadonlyMap<string, number> = new Map();
  private newest: Told | null = null;
  private restUntil = 0;

  constructor(
    private readonly graph: Drawn,
    private readonly onChange: (running: boolean) => void,
  ) {}

  /** Lay the graph out from where it is; what ran before is given up. */
  run(iterations: number): void {
    this.stop();
    if (this.graph.order < 2) {
      this.onChange(false);
      return;
    }
    this.worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module', name: 'layout' });
    this.worker.addEventListener('message', (event: MessageEvent<Told>) => this.move(event.data));
    this.worker.addEventListener('error', () => this.stop());
    this.turn++;
    this.worker.postMessage(this.asked(iterations));
    this.onChange(true);
  }

  stop(): void {
    if (!this.worker) return;
    this.worker.terminate();
    this.worker = null;
    this.newest = null;
    this.onChange(false);
  }

  private asked(iterations: number): Asked {
    const ids = this.graph.nodes();
    const rows = new Map(ids.map((id, row) => [id, row]));
    this.rows = rows;
    const nodes = new Float32Array(ids.length * 4);
    ids.forEach((id, row) => {
      const { x, y, size, fixed } = this.graph.getNodeAttributes(id);
      nodes.set([x, y, size, fixed ? 1 : 0], row * 4);
    });
    const edges = new Uint32Array(this.graph.size * 2);
    const weights = new Float32Array(this.graph.size);
    let row = 0;
    this.graph.forEachEdge((_, { weight }, from, to) => {
      edges.set([rows.get(from) ?? 0, rows.get(to) ?? 0], row * 2);
      weights[row++] = weight;
    });
    return { turn: this.turn, ids, nodes, edges, weights, iterations };
  }

  /** Only the newest places count, and drawing them takes half of the time at most: a slow screen shows fewer frames. */
  private move(told: Told): void {
    if (told.turn !== this.turn || (calm() && !told.done)) return;
    const waits = this.newest !== null;
    this.newest = told;
    if (waits) return;
    const wait = Math.max(0, this.restUntil - performance.now());
    window.setTimeout(() => requestAnimationFrame(() => this.draw()), told.done ? 0 : wait);
  }

  private draw(): void {
    const told = this.newest;
    this.newest = null;
    if (!told || told.turn !== this.turn) return;
    const began = performance.now();
    const { places, done } = told;
    const rows = this.rows;
    this.graph.updateEachNodeAttributes(
      (id, values) => {
        const row = rows.get(id);
        if (row === undefined || values.fixed) return values;
        return { ...values, x: places[row * 2] ?? values.x, y: places[row * 2 + 1] ?? values.y };
      },
      { attributes: ['x', 'y'] },
    );
    if (done) {
      this.stop();
      return;
    }
    // sigma draws in the next frame; what comes after it tells how long that took
    requestAnimationFrame(() =>
      window.setTimeout(() => {
        const now = performance.now();
        this.restUntil = now + (now - began);
      }),
    );
  }
}

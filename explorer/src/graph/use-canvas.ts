/** The canvas of this tab: one graph that follows the address, and stays while other views are open. */

import { useLayoutEffect, useState } from 'preact/hooks';
import type { CameraState } from 'sigma/types';
import type { Problem } from '../api/client';
import { onKey } from '../api/key';
import { asProblem } from '../api/use-answer';
import { joined, parted, type Recipe } from '../location/recipe';
import type { State } from '../location/state';
import { current, go } from '../location/use-state';
import type { Drawing } from './drawing';
import { Layout } from './layout';
import { forget, load } from './loading';
import { type Drawn, edgeKey, newGraph, update } from './model';

export interface CanvasStatus {
  asking: boolean;
  laying: boolean;
  problem: Problem | null;
  left: number;
  complete: boolean;
  /** Grows with every change of the graph. */
  version: number;
}

const FIRST: CanvasStatus = { asking: true, laying: false, problem: null, left: 0, complete: true, version: 0 };

export class Canvas {
  readonly graph: Drawn = newGraph();
  drawing: Drawing | null = null;
  chosen = '';
  status = FIRST;
  private readonly listeners = new Set<() => void>();
  private readonly layout = new Layout(this.graph, (laying) => this.tell({ laying }));
  private asked: AbortController | null = null;
  private loaded = '';
  private hidden = '';
  private framed = false;

  attach(drawing: Drawing | null): void {
    this.drawing = drawing;
    if (!drawing) return;
    this.follow(current());
    this.frame(current());
  }

  subscribe(tell: () => void): () => void {
    this.listeners.add(tell);
    return () => {
      this.listeners.delete(tell);
    };
  }

  /** Make what is drawn agree with the address. */
  follow(state: State): void {
    const { hidden, hiddenTypes, pins, ...what } = state.recipe;
    const wanted = JSON.stringify(what);
    if (wanted !== this.loaded) {
      this.loaded = wanted;
      void this.load(state.recipe);
    }
    this.hide(hidden, hiddenTypes);
    this.chosen = state.entity;
    const [from, relation, to] = state.edge ? edgeOf(state.edge) : ['', '', ''];
    this.drawing?.choose(state.edge ? '' : state.entity, edgeKey(from, relation, to));
  }

  /** Ask again, for the graph of the home has changed. */
  reload(): void {
    forget();
    this.loaded = '';
    this.follow(current());
  }

  layAgain(): void {
    this.layout.run(iterations(this.graph.order, true));
  }

  stop(): void {
    this.layout.stop();
  }

  chooseEdge(from: string, relation: string, to: string): void {
    go({ edge: edgeText(from, relation, to), entity: '', why: '' });
  }

  keepCamera({ x, y, ratio }: CameraState): void {
    if (current().view !== 'graph') return;
    const all = Math.abs(x - 0.5) < 0.002 && Math.abs(y - 0.5) < 0.002 && Math.abs(ratio - 1) < 0.002;
    go({ camera: all ? '' : [x, y, ratio].map((value) => value.toFixed(3)).join('~') }, 'replace');
  }

  private async load(recipe: Recipe): Promise<void> {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    this.tell({ asking: true, problem: null });
    try {
      const { told, left } = await load(recipe, asked.signal);
      if (asked.signal.aborted) return;
      const before = this.graph.order;
      const places = new Map(current().recipe.pins.map((pin) => [pin.id, pin]));
      const changes = update(this.graph, told, places);
      // sigma has to know new nodes before it is told how they look
      this.drawing?.sigma.refresh();
      this.tell({ asking: false, left, complete: told.complete, version: this.status.version + 1 });
      this.follow(current());
      if (changes) this.lay(before === 0 || changes > this.graph.order / 2);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.loaded = '';
      this.tell({ asking: false, problem: asProblem(error) });
    }
  }

  private lay(anew: boolean): void {
    this.drawing?.sigma.setCustomBBox(null);
    this.layout.run(iterations(this.graph.order, anew));
  }

  private frame(state: State): void {
    const [x, y, ratio] = state.camera.split('~').map(Number);
    if (!this.framed && x !== undefined && y !== undefined && ratio !== undefined && ratio > 0)
      this.drawing?.sigma.getCamera().setState({ x, y, ratio, angle: 0 });
    this.framed = true;
  }

  private hide(ids: string[], types: string[]): void {
    const wanted = JSON.stringify([this.status.version, ids, types]);
    if (wanted === this.hidden) return;
    this.hidden = wanted;
    const [hiddenIds, hiddenTypes] = [new Set(ids), new Set(types)];
    this.graph.updateEachNodeAttributes(
      (id, values) => ({ ...values, hidden: hiddenIds.has(id) || hiddenTypes.has(values.kind) }),
      { attributes: ['hidden'] },
    );
    this.tell({});
  }

  private tell(changes: Partial<CanvasStatus>): void {
    this.status = { ...this.status, ...changes };
    for (const listener of this.listeners) listener();
  }
}

function iterations(nodes: number, anew: boolean): number {
  const full = nodes > 2000 ? 220 : nodes > 500 ? 400 : 700;
  return anew ? full : Math.round(full / 2);
}

export function edgeText(from: string, relation: string, to: string): string {
  return joined(from, relation, to);
}

export function edgeOf(text: string): [string, string, string] {
  const [from = '', relation = '', to = ''] = parted(text);
  return [from, relation, to];
}

export const canvas = new Canvas();
// what was refused without a key may be read with it
onKey(() => canvas.reload());

export function useCanvasStatus(): CanvasStatus {
  const [status, setStatus] = useState(canvas.status);
  // before anybody can look: what is drawn is never said to be ready while the address already asks for more
  useLayoutEffect(() => {
    setStatus(canvas.status);
    return canvas.subscribe(() => setStatus(canvas.status));
  }, []);
  return status;
}

/** Let the canvas follow the address. */
export function useCanvas(state: State): CanvasStatus {
  const status = useCanvasStatus();
  useLayoutEffect(() => canvas.follow(state), [state]);
  return status;
}

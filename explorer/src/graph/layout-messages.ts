/** What the page asks the layout worker, and what it is told. */

export interface Asked {
  /** Which layout this is; places of a former one are passed over. */
  turn: number;
  ids: string[];
  /** x, y, size and 1 for a pinned node, of each node. */
  nodes: Float32Array;
  /** Rows of the two ends of each edge. */
  edges: Uint32Array;
  weights: Float32Array;
  iterations: number;
}

export interface Told {
  turn: number;
  /** x and y of each node. */
  places: Float32Array;
  done: boolean;
}

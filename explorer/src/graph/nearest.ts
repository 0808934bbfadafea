/** Which node lies next in a direction: how the arrow keys walk over a graph. */

import type Sigma from 'sigma';
import type { Drawn, EdgeValues, NodeValues } from './model';

export type Way = 'left' | 'right' | 'up' | 'down';

export function nearest(graph: Drawn, sigma: Sigma<NodeValues, EdgeValues>, from: string, way: Way): string {
  const start = onScreen(graph, sigma, from);
  // along edges first; a node without any in that direction is left by what lies nearest
  return next(graph, sigma, graph.neighbors(from), start, way) || next(graph, sigma, graph.nodes(), start, way);
}

/** The node to begin with: the largest that is shown. */
export function largest(graph: Drawn): string {
  let best = '';
  let size = -1;
  graph.forEachNode((id, values) => {
    if (!values.hidden && values.size > size) [best, size] = [id, values.size];
  });
  return best;
}

interface Place {
  x: number;
  y: number;
}

function next(graph: Drawn, sigma: Sigma<NodeValues, EdgeValues>, among: string[], start: Place, way: Way): string {
  let best = '';
  let least = Number.POSITIVE_INFINITY;
  for (const id of among) {
    if (graph.getNodeAttribute(id, 'hidden')) continue;
    const { x, y } = onScreen(graph, sigma, id);
    const [along, aside] = turned(x - start.x, y - start.y, way);
    if (along < 1 || Math.abs(aside) > along * 1.8) continue;
    const far = along + 2 * Math.abs(aside);
    if (far < least) [best, least] = [id, far];
  }
  return best;
}

function turned(x: number, y: number, way: Way): [number, number] {
  if (way === 'right') return [x, y];
  if (way === 'left') return [-x, y];
  return way === 'down' ? [y, x] : [-y, x];
}

function onScreen(graph: Drawn, sigma: Sigma<NodeValues, EdgeValues>, id: string): Place {
  const { x, y } = graph.getNodeAttributes(id);
  return sigma.graphToViewport({ x, y });
}

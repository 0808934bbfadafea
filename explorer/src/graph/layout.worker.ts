/** ForceAtlas2 off the page's thread, a fixed number of iterations, so that the same graph has the same places. */

import { MultiDirectedGraph } from 'graphology';
import { inferSettings } from 'graphology-layout-forceatlas2';
import { graphToByteArrays } from 'graphology-layout-forceatlas2/helpers';
import iterate from 'graphology-layout-forceatlas2/iterate';
import type { Asked, Told } from './layout-messages';

const VALUES_OF_A_NODE = 10;
const BETWEEN_TELLING_MS = 40;

self.addEventListener('message', (event: MessageEvent<Asked>) => {
  const { turn, ids, nodes, edges, weights, iterations } = event.data;
  const graph = new MultiDirectedGraph();
  ids.forEach((id, row) => {
    const [x, y, size, fixed] = nodes.subarray(row * 4, row * 4 + 4);
    graph.addNode(id, { x, y, size, fixed: fixed === 1 });
  });
  weights.forEach((weight, row) => {
    graph.addEdge(ids[edges[row * 2] ?? 0], ids[edges[row * 2 + 1] ?? 0], { weight });
  });
  const settings = {
    ...inferSettings(graph),
    adjustSizes: graph.order < 400,
    barnesHutOptimize: graph.order > 800,
    barnesHutTheta: 0.8,
    gravity: 1.2,
    linLogMode: false,
    outboundAttractionDistribution: true,
    scalingRatio: graph.order < 400 ? 20 : 12,
    slowDown: 3 + Math.log(graph.order + 1),
    strongGravityMode: false,
    edgeWeightInfluence: 1,
  };
  const matrices = graphToByteArrays(graph, (_, values) => (values.weight as number) ?? 1);
  let told = performance.now();
  for (let done = 1; done <= iterations; done++) {
    iterate(settings, matrices.nodes, matrices.edges);
    const last = done === iterations;
    if (!last && performance.now() - told < BETWEEN_TELLING_MS) continue;
    told = performance.now();
    const places = new Float32Array(ids.length * 2);
    for (let row = 0; row < ids.length; row++) {
      places[row * 2] = matrices.nodes[row * VALUES_OF_A_NODE] ?? 0;
      places[row * 2 + 1] = matrices.nodes[row * VALUES_OF_A_NODE + 1] ?? 0;
    }
    const message: Told = { turn, places, done: last };
    self.postMessage(message, { transfer: [places.buffer] });
  }
});

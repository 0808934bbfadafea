/** Two modules of the package that it ships without types. */

declare module 'graphology-layout-forceatlas2/helpers' {
  import type Graph from 'graphology';
  export function graphToByteArrays(
    graph: Graph,
    weight: (edge: string, values: Record<string, unknown>) => number,
  ): { nodes: Float32Array; edges: Float32Array };
}

declare module 'graphology-layout-forceatlas2/iterate' {
  import type { ForceAtlas2Settings } from 'graphology-layout-forceatlas2';
  export default function iterate(settings: ForceAtlas2Settings, nodes: Float32Array, edges: Float32Array): void;
}

/** The graph on the canvas: entities and edges as the API tells them, with places that stay. */

import { MultiDirectedGraph } from 'graphology';
import type { DrawnEntity, Subgraph } from '../api/types';
import { colourOf, hash } from './colours';

export interface NodeValues {
  x: number;
  y: number;
  size: number;
  color: string;
  borderColor: string;
  label: string;
  kind: string;
  entity: DrawnEntity;
  /** ForceAtlas2 leaves it where it is. */
  fixed: boolean;
  hidden: boolean;
}

export interface EdgeValues {
  relation: string;
  size: number;
  weight: number;
  label: string;
  /** 0 is straight; edges between the same two entities bend apart. */
  curvature: number;
}

export type Drawn = MultiDirectedGraph<NodeValues, EdgeValues>;

export function newGraph(): Drawn {
  return new MultiDirectedGraph<NodeValues, EdgeValues>();
}

export function edgeKey(from: string, relation: string, to: string): string {
  return JSON.stringify([from, relation, to]);
}

/** Make the graph equal to what was told; what stays keeps its place. Returns how many nodes are new or gone. */
export function update(graph: Drawn, told: Subgraph, places: ReadonlyMap<string, { x: number; y: number }>): number {
  const wanted = new Map(told.entities.map((entity) => [entity.id, entity]));
  const edges = new Map(told.edges.map((edge) => [edgeKey(edge.from_id, edge.relation, edge.to_id), edge]));
  const spots = new Map(places);
  let changes = drop(graph, wanted, edges, spots);
  const scale = sizeScale(told.entities.length);
  const fresh: string[] = [];
  for (const entity of told.entities) {
    const values = {
      size: sizeOf(entity, scale),
      color: colourOf(entity.type),
      label: entity.name || entity.id,
      kind: entity.type,
      entity,
    };
    if (graph.hasNode(entity.id)) {
      graph.mergeNodeAttributes(entity.id, values);
      continue;
    }
    const place = spots.get(entity.id);
    const node = { ...values, ...(place ?? { x: Number.NaN, y: 0 }), borderColor: '', fixed: places.has(entity.id) };
    graph.addNode(entity.id, { ...node, hidden: false });
    fresh.push(entity.id);
    changes++;
  }
  for (const [id, edge] of edges) {
    if (graph.hasEdge(id)) continue;
    const together = edge.relation === 'CO_MENTIONED';
    const weight = together ? 0.3 : 1;
    graph.addEdgeWithKey(id, edge.from_id, edge.to_id, {
      relation: edge.relation,
      size: 1,
      weight,
      label: '',
      curvature: 0,
    });
  }
  bend(graph);
  for (const id of fresh) if (Number.isNaN(graph.getNodeAttribute(id, 'x'))) place(graph, id);
  return changes;
}

/** Take out what is not wanted; where that is most of it, clear all at once, and note where what stays was. */
function drop(
  graph: Drawn,
  wanted: ReadonlyMap<string, unknown>,
  edges: ReadonlyMap<string, unknown>,
  spots: Map<string, { x: number; y: number }>,
): number {
  const leaving = graph.filterNodes((id) => !wanted.has(id));
  if (leaving.length * 2 > graph.order) {
    graph.forEachNode((id, { x, y }) => {
      if (wanted.has(id) && !spots.has(id)) spots.set(id, { x, y });
    });
    graph.clear();
    return leaving.length;
  }
  for (const id of leaving) graph.dropNode(id);
  for (const key of graph.filterEdges((edge) => !edges.has(edge))) graph.dropEdge(key);
  return leaving.length;
}

/** Bend edges between the same two entities apart, each to its own side. */
function bend(graph: Drawn): void {
  const between = new Map<string, string[]>();
  graph.forEachEdge((key, _, from, to) => {
    const pair = from < to ? edgeKey(from, '', to) : edgeKey(to, '', from);
    between.set(pair, [...(between.get(pair) ?? []), key]);
  });
  for (const keys of between.values()) {
    keys.sort().forEach((key, place) => {
      const [from, to] = graph.extremities(key);
      const aside = (place - (keys.length - 1) / 2) * 0.22;
      graph.setEdgeAttribute(key, 'curvature', from < to ? aside : -aside);
    });
  }
}

/** Begin beside a neighbour that has a place, else on a circle; always at the same spot. */
function place(graph: Drawn, id: string): void {
  const spot = hash(id);
  const angle = ((spot % 3600) / 3600) * 2 * Math.PI;
  const neighbour = graph.neighbors(id).find((other) => !Number.isNaN(graph.getNodeAttribute(other, 'x')));
  const radius = neighbour ? 12 + (spot % 17) : Math.sqrt(graph.order) * (6 + (spot % 11));
  const centre = neighbour ? graph.getNodeAttributes(neighbour) : { x: 0, y: 0 };
  graph.setNodeAttribute(id, 'x', centre.x + radius * Math.cos(angle));
  graph.setNodeAttribute(id, 'y', centre.y + radius * Math.sin(angle));
}

function sizeScale(nodes: number): number {
  return nodes > 2000 ? 0.4 : nodes > 500 ? 0.6 : nodes > 150 ? 0.8 : 1;
}

/** By mentions, in the square of the logarithm's root: ten times as many are seen, not ten times as large. */
function sizeOf(entity: DrawnEntity, scale: number): number {
  return scale * Math.min(5 + 2.4 * Math.log2(1 + entity.mentions), 24);
}

/** What is shown on the canvas as files; hidden entities and their edges stay out. */

import type { Drawn } from '../graph/model';
import { csv } from './csv';

const NODE_KEYS = [
  ['name', 'string'],
  ['type', 'string'],
  ['status', 'string'],
  ['description', 'string'],
  ['popularity', 'double'],
  ['mentions', 'int'],
  ['documents', 'int'],
] as const;

interface Shown {
  nodes: { id: string; values: Record<(typeof NODE_KEYS)[number][0], string | number | null>; x: number; y: number }[];
  edges: { from: string; to: string; relation: string }[];
}

export function shown(graph: Drawn): Shown {
  const nodes: Shown['nodes'] = [];
  graph.forEachNode((id, { entity, hidden, x, y }) => {
    if (hidden) return;
    const { name, type, status, description, popularity, mentions, documents } = entity;
    nodes.push({ id, values: { name, type, status, description, popularity, mentions, documents }, x, y });
  });
  const edges: Shown['edges'] = [];
  graph.forEachEdge((_, { relation }, from, to, start, end) => {
    if (!start.hidden && !end.hidden) edges.push({ from, to, relation });
  });
  return { nodes, edges };
}

export function graphml(graph: Drawn): string {
  const { nodes, edges } = shown(graph);
  const keys = [
    ...NODE_KEYS.map(([name, type]) => `  <key id="${name}" for="node" attr.name="${name}" attr.type="${type}"/>`),
    '  <key id="x" for="node" attr.name="x" attr.type="double"/>',
    '  <key id="y" for="node" attr.name="y" attr.type="double"/>',
    '  <key id="relation" for="edge" attr.name="relation" attr.type="string"/>',
  ];
  const data = (name: string, value: string | number | null) =>
    value === null ? '' : `<data key="${name}">${escaped(String(value))}</data>`;
  const told = nodes.map(({ id, values, x, y }) => {
    const own = NODE_KEYS.map(([name]) => data(name, values[name])).join('');
    return `    <node id="${escaped(id)}">${own}${data('x', x)}${data('y', y)}</node>`;
  });
  const joined = edges.map(
    ({ from, to, relation }) =>
      `    <edge source="${escaped(from)}" target="${escaped(to)}">${data('relation', relation)}</edge>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys,
    '  <graph edgedefault="directed">',
    ...told,
    ...joined,
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

export function nodesCsv(graph: Drawn): string {
  const rows = shown(graph).nodes.map(({ id, values }) => [id, ...NODE_KEYS.map(([name]) => values[name])]);
  return csv(['id', ...NODE_KEYS.map(([name]) => name)], rows);
}

export function edgesCsv(graph: Drawn): string {
  return csv(
    ['from_id', 'relation', 'to_id'],
    shown(graph).edges.map(({ from, relation, to }) => [from, relation, to]),
  );
}

// what XML cannot hold at all is left out
const UNPRINTABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(UNPRINTABLE, '').replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
}

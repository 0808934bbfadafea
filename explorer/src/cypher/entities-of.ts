/** The entities that an answer speaks of: its nodes, and texts in columns that are named as ids. */

import type { Json, Table } from '../api/types';
import { MOST_ENTITIES } from '../location/recipe';

export function entitiesOf({ columns, rows }: Table): string[] {
  const found = new Set<string>();
  const named = columns.map((name) => /(^|[._])id$/i.test(name));
  for (const row of rows) {
    row.forEach((value, place) => {
      if (named[place] && typeof value === 'string') found.add(value);
      else collect(value, found);
    });
    if (found.size >= MOST_ENTITIES) break;
  }
  return [...found].slice(0, MOST_ENTITIES);
}

function collect(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (value !== null && typeof value === 'object') {
    if (value._label === 'Entity' && typeof value.id === 'string') found.add(value.id);
  }
}

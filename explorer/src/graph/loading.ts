/** From a recipe to the entities and edges that it stands for. What was asked once is kept. */

import { get, post } from '../api/client';
import { onKey } from '../api/key';
import type { Neighbourhood, Neighbours, Subgraph } from '../api/types';
import { type Expansion, MOST_ENTITIES, type Recipe } from '../location/recipe';

const PAGE = 500;

export interface Loaded {
  told: Subgraph;
  /** Entities that did not fit any more. */
  left: number;
}

const kept = new Map<string, Promise<string[]>>();
onKey(() => kept.clear());

export async function load(recipe: Recipe, signal: AbortSignal): Promise<Loaded> {
  const parts = await Promise.all([
    recipe.top ? once(`top ${recipe.top}`, () => foremost(recipe.top)) : [],
    ...recipe.seeds.map((seed) => once(`seed ${seed.id} ${seed.around}`, () => around(seed.id, seed.around))),
    ...recipe.expansions.map((more) => once(`more ${JSON.stringify(more)}`, () => neighbours(more))),
  ]);
  const ids = [...new Set(parts.flat())];
  const shown = ids.slice(0, MOST_ENTITIES);
  const told = await post<Subgraph>('/graph/subgraph', { ids: shown }, signal);
  return { told, left: ids.length - shown.length };
}

/** Forget what was asked, for the graph has changed. */
export function forget(): void {
  kept.clear();
}

function once(name: string, ask: () => Promise<string[]>): Promise<string[]> {
  const known = kept.get(name);
  if (known) return known;
  const asked = ask();
  kept.set(name, asked);
  asked.catch(() => kept.delete(name));
  return asked;
}

async function foremost(limit: number): Promise<string[]> {
  const told = await get<Subgraph>('/graph/foremost', { limit });
  return told.entities.map((entity) => entity.id);
}

async function around(id: string, limit: number): Promise<string[]> {
  if (!limit) return [id];
  const told = await get<Neighbourhood>('/entity/neighbourhood', { id, limit });
  return [told.id, ...told.groups.flatMap((group) => group.neighbours.map((one) => one.id))];
}

async function neighbours({ id, relation, direction, count }: Expansion): Promise<string[]> {
  const found = [id];
  let after = '';
  while (found.length <= count) {
    const limit = Math.min(PAGE, count + 1 - found.length);
    const page = await get<Neighbours>('/entity/neighbours', { id, relation, direction, limit, after });
    found.push(...page.neighbours.map((one) => one.id));
    after = page.next;
    if (!after) break;
  }
  return found;
}

/** What is on the canvas, told by how it came there, so that a short address draws the same graph again. */

import type { Direction } from '../api/types';

export interface Expansion {
  id: string;
  relation: string;
  direction: Direction;
  count: number;
}

export interface Seed {
  id: string;
  /** Neighbours of each relation that come with it. */
  around: number;
}

export interface Pin {
  id: string;
  x: number;
  y: number;
}

export interface Recipe {
  /** How many of the entities that texts speak of most; 0 for none. */
  top: number;
  seeds: Seed[];
  expansions: Expansion[];
  hidden: string[];
  hiddenTypes: string[];
  pins: Pin[];
}

export const FIRST_TOP = 120;
export const MOST_ENTITIES = 5000;

export const EMPTY: Recipe = { top: 0, seeds: [], expansions: [], hidden: [], hiddenTypes: [], pins: [] };
export const OVERVIEW: Recipe = { ...EMPTY, top: FIRST_TOP };

/** Ids hold any sign, so a separator inside of one is escaped. */
const SEPARATOR = '~';

export function joined(...parts: (string | number)[]): string {
  return parts.map((part) => String(part).replaceAll('!', '!!').replaceAll(SEPARATOR, '!-')).join(SEPARATOR);
}

export function parted(text: string): string[] {
  return text.split(SEPARATOR).map((part) => part.replace(/![!-]/g, (found) => (found === '!!' ? '!' : SEPARATOR)));
}

export function readRecipe(query: URLSearchParams): Recipe {
  return {
    top: whole(query.get('top'), MOST_ENTITIES),
    seeds: query
      .getAll('n')
      .map(parted)
      .filter(named)
      .map(([id = '', around]) => ({ id, around: whole(around, 100) })),
    expansions: query.getAll('x').map(parted).filter(named).flatMap(expansion),
    hidden: query.getAll('hide'),
    hiddenTypes: query.getAll('without'),
    pins: query.getAll('pin').map(parted).filter(named).flatMap(pin),
  };
}

export function writeRecipe(recipe: Recipe, query: URLSearchParams): void {
  if (recipe.top) query.set('top', String(recipe.top));
  for (const seed of recipe.seeds) query.append('n', joined(seed.id, seed.around));
  for (const { id, relation, direction, count } of recipe.expansions)
    query.append('x', joined(id, relation, direction, count));
  for (const id of recipe.hidden) query.append('hide', id);
  for (const name of recipe.hiddenTypes) query.append('without', name);
  for (const { id, x, y } of recipe.pins) query.append('pin', joined(id, Math.round(x), Math.round(y)));
}

export function withSeed(recipe: Recipe, id: string, around: number): Recipe {
  const others = recipe.seeds.filter((seed) => seed.id !== id);
  return {
    ...recipe,
    seeds: [...others, { id, around }],
    hidden: recipe.hidden.filter((hidden) => hidden !== id),
  };
}

export function withExpansion(recipe: Recipe, more: Expansion): Recipe {
  const same = (one: Expansion) =>
    one.id === more.id && one.relation === more.relation && one.direction === more.direction;
  return { ...recipe, expansions: [...recipe.expansions.filter((one) => !same(one)), more] };
}

export function withPin(recipe: Recipe, pin: Pin): Recipe {
  return { ...recipe, pins: [...recipe.pins.filter((one) => one.id !== pin.id), pin] };
}

export function withoutPin(recipe: Recipe, id: string): Recipe {
  return { ...recipe, pins: recipe.pins.filter((one) => one.id !== id) };
}

function named(parts: string[]): boolean {
  return Boolean(parts[0]);
}

function expansion([id = '', relation = '', direction = '', count]: string[]): Expansion[] {
  const known = direction === 'out' || direction === 'in' || direction === 'both';
  return relation && known ? [{ id, relation, direction, count: whole(count, MOST_ENTITIES) }] : [];
}

function pin([id = '', x, y]: string[]): Pin[] {
  const place = [Number(x), Number(y)];
  return place.every(Number.isFinite) ? [{ id, x: Number(x), y: Number(y) }] : [];
}

function whole(text: string | null | undefined, most: number): number {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isFinite(number) ? Math.min(Math.max(number, 0), most) : 0;
}

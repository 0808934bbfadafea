/** The whole state of the page as the address holds it: #/VIEW?NAME=VALUE&... */

import { EMPTY, OVERVIEW, type Recipe, readRecipe, writeRecipe } from './recipe';

export const VIEWS = ['graph', 'review', 'cypher', 'documents', 'dashboard'] as const;
export type View = (typeof VIEWS)[number];
export type Shape = 'drawing' | 'list';

export interface State {
  view: View;
  /** Entity in the side panel. */
  entity: string;
  /** Mention in the side panel; it is shown before an entity. */
  why: string;
  /** Edge in the side panel, as FROM~RELATION~TO. */
  edge: string;
  /** Document that is open, and the mention to which it is scrolled. */
  document: string;
  mention: string;
  /** Cypher, and how its answer is shown. */
  query: string;
  answer: 'table' | 'graph';
  /** Golden set and run of the dashboard. */
  golden: string;
  since: string;
  /** The canvas. */
  shape: Shape;
  recipe: Recipe;
  /** Camera as X~Y~RATIO; "" when all is shown. */
  camera: string;
  /** What stands in the search box, and the type that is looked for. */
  search: string;
  type: string;
}

const TEXTS = [
  ['entity', 'entity'],
  ['why', 'why'],
  ['edge', 'edge'],
  ['document', 'doc'],
  ['mention', 'at'],
  ['query', 'q'],
  ['golden', 'set'],
  ['since', 'since'],
  ['camera', 'cam'],
  ['search', 'find'],
  ['type', 'type'],
] as const;

export function readState(hash: string): State {
  const [path = '', rest = ''] = split(hash.replace(/^#\/?/, ''));
  const query = new URLSearchParams(rest);
  const view = VIEWS.find((name) => name === path) ?? 'graph';
  const recipe = readRecipe(query);
  const texts = Object.fromEntries(TEXTS.map(([name, short]) => [name, query.get(short) ?? ''])) as Record<
    (typeof TEXTS)[number][0],
    string
  >;
  return {
    ...texts,
    view,
    answer: query.get('as') === 'graph' ? 'graph' : 'table',
    shape: query.get('list') === '1' ? 'list' : 'drawing',
    // an address without any graph begins with the overview
    recipe:
      query.has('top') || recipe.seeds.length || recipe.expansions.length ? recipe : { ...OVERVIEW, ...kept(recipe) },
  };
}

export function writeState(state: State): string {
  const query = new URLSearchParams();
  for (const [name, short] of TEXTS) if (state[name]) query.set(short, state[name]);
  if (state.answer === 'graph') query.set('as', 'graph');
  if (state.shape === 'list') query.set('list', '1');
  if (!same(state.recipe, OVERVIEW)) {
    writeRecipe(state.recipe, query);
    if (!state.recipe.top && !state.recipe.seeds.length && !state.recipe.expansions.length) query.set('top', '0');
  }
  return `#/${state.view}${query.size ? `?${query}` : ''}`;
}

function kept(recipe: Recipe): Partial<Recipe> {
  return { hidden: recipe.hidden, hiddenTypes: recipe.hiddenTypes, pins: recipe.pins };
}

function same(one: Recipe, other: Recipe): boolean {
  return JSON.stringify({ ...EMPTY, ...one }) === JSON.stringify({ ...EMPTY, ...other });
}

function split(text: string): [string, string] {
  const place = text.indexOf('?');
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}

import { describe, expect, it } from 'vitest';
import { EMPTY, joined, parted, type Recipe } from '../src/location/recipe';
import { readState, type State, writeState } from '../src/location/state';

const NASTY = ['a', 'artist/x', '~', '!', '!-', '~!~', 'a&b=c#d?', '%00', 'Björk', '方', '😀', ' ', 'x~y~z', '+'];

/** The same numbers every time. */
function randomly(seed: number): () => number {
  let value = seed;
  return () => {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
    return value / 2 ** 32;
  };
}

function anyState(seed: number): State {
  const random = randomly(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const some = <T>(make: () => T) => Array.from({ length: Math.floor(random() * 4) }, make);
  const whole = (most: number) => Math.floor(random() * most);
  const recipe: Recipe = {
    top: pick([0, 1, 120, 5000]),
    seeds: some(() => ({ id: pick(NASTY), around: whole(100) })),
    expansions: some(() => ({
      id: pick(NASTY),
      relation: 'PERFORMED_BY',
      direction: pick(['out', 'in', 'both'] as const),
      count: whole(5000),
    })),
    hidden: some(() => pick(NASTY)),
    hiddenTypes: some(() => pick(['artist', 'track'])),
    pins: some(() => ({ id: pick(NASTY), x: whole(900) - 450, y: whole(900) - 450 })),
  };
  return {
    view: pick(['graph', 'review', 'cypher', 'documents', 'dashboard']),
    entity: pick(['', ...NASTY]),
    why: pick(['', 'abc', 'doc:1-2']),
    edge: pick(['', joined('a~b', 'ON_ALBUM', 'c!')]),
    document: pick(['', ...NASTY]),
    mention: pick(['', 'abc']),
    query: pick(['', 'MATCH (n)\nRETURN n // ~!&#?%', 'RETURN "é😀"']),
    answer: pick(['table', 'graph']),
    golden: pick(['', 'demo']),
    since: pick(['', 'abcd']),
    shape: pick(['drawing', 'list']),
    recipe,
    camera: pick(['', '0.5~0.25~0.1']),
    search: pick(['', ...NASTY]),
    type: pick(['', 'artist']),
  };
}

describe('the address', () => {
  it('gives back every state that was put into it', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const state = anyState(seed);
      expect(readState(writeState(state))).toEqual(state);
    }
  });

  it('begins with the overview, and with nothing where nothing was chosen', () => {
    expect(readState('').recipe.top).toBeGreaterThan(0);
    expect(readState(writeState({ ...readState(''), recipe: EMPTY })).recipe).toEqual(EMPTY);
  });

  it('takes what makes no sense as not there', () => {
    const { recipe, view } = readState('#/nowhere?top=-3&n=&n=~4&x=a~R~sideways~3&x=~&pin=a~b~c&top=x');
    expect(view).toBe('graph');
    expect(recipe).toEqual({ ...EMPTY, hidden: [] });
    expect(readState('#/graph?top=99999999&n=a~1e9').recipe).toMatchObject({
      top: 5000,
      seeds: [{ id: 'a', around: 1 }],
    });
  });
});

describe('parts that are joined', () => {
  it('are parted again, whatever signs they hold', () => {
    for (const one of NASTY)
      for (const other of NASTY) expect(parted(joined(one, other, 3))).toEqual([one, other, '3']);
  });
});

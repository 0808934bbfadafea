import type { State } from '../location/state';
import { go } from '../location/use-state';
import { TypeDot } from '../parts/badges';
import { number, words } from '../text/format';
import type { Drawn } from './model';

/** What the colours say; a type that is switched off is not drawn. */
export function Legend({ graph, state }: { graph: Drawn; state: State }) {
  const counts = new Map<string, number>();
  graph.forEachNode((_, { kind }) => counts.set(kind, (counts.get(kind) ?? 0) + 1));
  const types = [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
  const off = new Set(state.recipe.hiddenTypes);
  const change = (type: string) => {
    const hiddenTypes = off.has(type) ? state.recipe.hiddenTypes.filter((one) => one !== type) : [...off, type];
    go({ recipe: { ...state.recipe, hiddenTypes } });
  };
  const hidden = state.recipe.hidden.length;
  return (
    <fieldset class="legend">
      <legend class="sr">Types that are shown</legend>
      {types.map(([type, count]) => (
        <button key={type} type="button" class="chip" aria-pressed={!off.has(type)} onClick={() => change(type)}>
          <TypeDot type={type} />
          {type ? words(type) : 'no type'}
          <span class="count">{number(count)}</span>
        </button>
      ))}
      {hidden > 0 && (
        <button type="button" class="chip" onClick={() => go({ recipe: { ...state.recipe, hidden: [] } })}>
          Show {number(hidden)} hidden
        </button>
      )}
    </fieldset>
  );
}

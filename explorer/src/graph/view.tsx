import { useEffect } from 'preact/hooks';
import { withoutPin, withPin, withSeed } from '../location/recipe';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { Empty, ProblemNote } from '../parts/notes';
import { say } from '../shell/announcer';
import { plural, words } from '../text/format';
import { GraphCanvas } from './canvas';
import { Legend } from './legend';
import { GraphList } from './list';
import { Toolbar } from './toolbar';
import { type Canvas, canvas, useCanvas } from './use-canvas';

const AROUND = 10;

export function GraphView({ state }: { state: State }) {
  const status = useCanvas(state);
  const { graph } = canvas;
  useEffect(() => {
    if (state.entity && graph.hasNode(state.entity)) say(spoken(canvas, state.entity));
  }, [state.entity, graph]);
  const edges = graph.filterEdges((_edge, _values, _from, _to, from, to) => !from.hidden && !to.hidden).length;
  const shown = graph.filterNodes((_, { hidden }) => !hidden).length;
  return (
    <div class="graph-view" aria-busy={status.asking || status.laying} data-version={status.version}>
      <h1 class="sr">Graph</h1>
      <Toolbar canvas={canvas} state={state} laying={status.laying} />
      {state.shape === 'drawing' ? (
        <GraphCanvas
          canvas={canvas}
          onChoose={choose}
          onHide={(id) => hide(state, id)}
          onPin={(id) => pin(state, id)}
          onExpand={(id) => go({ recipe: withSeed(state.recipe, id, AROUND) })}
        />
      ) : (
        <GraphList graph={graph} chosen={state.entity} />
      )}
      {status.problem && <ProblemNote problem={status.problem} />}
      {!status.asking && !status.problem && graph.order === 0 && (
        <Empty>Nothing is drawn yet: search for an entity, or begin with the top of the graph.</Empty>
      )}
      <Legend graph={graph} state={state} />
      <p class="status" id="graph-said" role="status">
        {status.asking
          ? 'Loading …'
          : `${plural(shown, 'entity', 'entities')}, ${plural(edges, 'edge')}${status.laying ? ', laying out …' : ''}`}
        {status.left > 0 && `; ${plural(status.left, 'entity', 'entities')} more do not fit`}
        {!status.complete && '; there are more edges than are drawn'}
      </p>
    </div>
  );
}

export function choose(id: string): void {
  go({ entity: id, edge: '', why: '' });
}

export function hide(state: State, id: string): void {
  go({ recipe: { ...state.recipe, hidden: [...state.recipe.hidden.filter((one) => one !== id), id] }, entity: '' });
  say('Hidden');
}

/** Pin an entity where it is; a pinned one that was not moved is let go. */
export function pin(state: State, id: string): void {
  const { x, y } = canvas.graph.getNodeAttributes(id);
  const before = state.recipe.pins.find((one) => one.id === id);
  const moved = !before || Math.abs(before.x - x) > 1 || Math.abs(before.y - y) > 1;
  canvas.graph.setNodeAttribute(id, 'fixed', moved);
  go({ recipe: moved ? withPin(state.recipe, { id, x, y }) : withoutPin(state.recipe, id) });
  say(moved ? 'Pinned' : 'Not pinned any more');
}

function spoken({ graph }: Canvas, id: string): string {
  const { entity } = graph.getNodeAttributes(id);
  const edges = plural(graph.degree(id), 'edge');
  return `${entity.name}, ${words(entity.type)}, ${plural(entity.mentions, 'mention')}, ${edges} shown`;
}

import { get } from '../api/client';
import type { Entity } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { canvas, useCanvasStatus } from '../graph/use-canvas';
import { hide, pin } from '../graph/view';
import { EMPTY, withSeed } from '../location/recipe';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { DecisionBadge, TypeName } from '../parts/badges';
import { Icon } from '../parts/icons';
import { ProblemNote, Waiting } from '../parts/notes';
import { CoMentions } from './co-mentions';
import { Facts } from './facts';
import { Mentions } from './mentions';
import { Records } from './records';
import { Relations } from './relations';
import { TimelineChart } from './timeline';

/** All that is known of an entity. */
export function EntityPanel({ id, state }: { id: string; state: State }) {
  const { value, problem, asking } = useAnswer((signal) => get<Entity>('/entity', { id, limit: 12 }, signal), [id]);
  useCanvasStatus();
  if (problem) return <ProblemNote problem={problem} />;
  if (!value) return asking ? <Waiting /> : null;
  const { facts } = value;
  const drawn = state.view === 'graph' && canvas.graph.hasNode(value.id);
  return (
    <div class="panel" aria-busy={asking}>
      <h2>{facts.name || value.id}</h2>
      <p class="line">
        <TypeName type={facts.type} />
        {facts.status === 'provisional' && <DecisionBadge decision="nil" />}
        <code class="id">{value.id}</code>
      </p>
      {facts.description && <p class="lead">{facts.description}</p>}
      <div class="acts">
        {drawn ? (
          <>
            <Act name="Centre" icon="target" act={() => canvas.drawing?.focus(value.id)} />
            <Act
              name={canvas.graph.getNodeAttribute(value.id, 'fixed') ? 'Unpin' : 'Pin'}
              icon="pin"
              act={() => pin(state, value.id)}
            />
            <Act name="Hide" icon="hide" act={() => hide(state, value.id)} />
          </>
        ) : (
          <Act name="Show in the graph" icon="graph" act={() => draw(state, value.id)} />
        )}
      </div>
      <Relations id={value.id} state={state} />
      <Facts facts={facts} />
      <TimelineChart id={value.id} />
      <Mentions id={value.id} />
      <CoMentions rows={value.co_mentions} />
      <Records rows={value.records} />
    </div>
  );
}

function Act({ name, icon, act }: { name: string; icon: 'target' | 'pin' | 'hide' | 'graph'; act: () => void }) {
  return (
    <button type="button" onClick={act}>
      <Icon name={icon} />
      {name}
    </button>
  );
}

function draw(state: State, id: string): void {
  go({ view: 'graph', entity: id, recipe: withSeed(state.recipe.top ? EMPTY : state.recipe, id, 5), camera: '' });
}

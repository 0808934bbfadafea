import { EdgePanel } from '../entity/edge-panel';
import { EntityPanel } from '../entity/panel';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { Icon } from '../parts/icons';
import { WhyPanel } from '../why/panel';

/** What is known of the one thing that is chosen: a mention, an edge, or an entity. */
export function SidePanel({ state }: { state: State }) {
  const { why, edge, entity } = state;
  if (!why && !edge && !entity) return null;
  const under = why && (edge || entity);
  return (
    <aside class="side" aria-label={why ? 'Why' : edge ? 'Edge' : 'Entity'}>
      <div class="side-bar">
        {under ? (
          <button type="button" class="tool" aria-label="Back" title="Back" onClick={() => go({ why: '' })}>
            <Icon name="back" />
          </button>
        ) : (
          <span />
        )}
        <button
          type="button"
          class="tool"
          aria-label="Close the panel"
          title="Close the panel"
          onClick={() => go({ why: '', edge: '', entity: '' })}
        >
          <Icon name="close" />
        </button>
      </div>
      {why ? (
        <WhyPanel key={why} mention={why} />
      ) : edge ? (
        <EdgePanel key={edge} edge={edge} />
      ) : (
        <EntityPanel key={entity} id={entity} state={state} />
      )}
    </aside>
  );
}

import { get } from '../api/client';
import type { Neighbourhood, Neighbours } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { edgeText } from '../graph/use-canvas';
import { EMPTY, withExpansion, withSeed } from '../location/recipe';
import type { State } from '../location/state';
import { address, go } from '../location/use-state';
import { TypeDot } from '../parts/badges';
import { Icon } from '../parts/icons';
import { ProblemNote, Section, Waiting } from '../parts/notes';
import { relationName, useAbout } from '../shell/about';
import { capital, number, words } from '../text/format';

const FIRST = 5;
const MORE = 25;

/** What the entity is joined to, by relation: how many there are, the foremost, and more of them onto the canvas. */
export function Relations({ id, state }: { id: string; state: State }) {
  const { value, problem } = useAnswer(
    (signal) => get<Neighbourhood>('/entity/neighbourhood', { id, limit: FIRST }, signal),
    [id],
  );
  if (problem) return <ProblemNote problem={problem} />;
  if (!value) return <Waiting what="Loading relations" />;
  if (!value.groups.length) return null;
  // what is stated comes before what is only mentioned together
  const together = (group: Neighbours) => Number(group.direction === 'both');
  const groups = value.groups.toSorted((one, other) => together(one) - together(other));
  const all = value.groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <Section title="Relations" count={number(all)}>
      {groups.map((group) => (
        <Group key={`${group.relation} ${group.direction}`} id={id} group={group} state={state} />
      ))}
    </Section>
  );
}

function Group({ id, group, state }: { id: string; group: Neighbours; state: State }) {
  const name = relationName(useAbout(), group.relation, group.direction);
  const drawn = state.recipe.expansions.find(
    (one) => one.id === id && one.relation === group.relation && one.direction === group.direction,
  )?.count;
  const next = Math.min((drawn ?? 0) + MORE, group.count);
  const expand = (count: number) => {
    const start = state.view === 'graph' ? state.recipe : withSeed(state.recipe.top ? EMPTY : state.recipe, id, 0);
    const { relation, direction } = group;
    go({ view: 'graph', recipe: withExpansion(start, { id, relation, direction, count }) });
  };
  const label = capital(words(name));
  const said = next < group.count ? `${number(next)} of ${number(group.count)}` : 'all';
  return (
    <div class="relation">
      <h4>
        {label}
        <span class="count">{number(group.count)}</span>
        {drawn === undefined || drawn < group.count ? (
          <button type="button" class="small" aria-label={`Expand ${label}: ${said}`} onClick={() => expand(next)}>
            <Icon name="plus" />
            {said}
          </button>
        ) : (
          <span class="done">all drawn</span>
        )}
      </h4>
      <ul class="neighbours">
        {group.neighbours.map((one) => {
          const [from, to] = group.direction === 'in' ? [one.id, id] : [id, one.id];
          // CO_MENTIONED is kept from the smaller id to the larger
          const ends = group.direction === 'both' && from > to ? [to, from] : [from, to];
          return (
            <li key={one.id}>
              <TypeDot type={one.type} />
              <a href={address({ entity: one.id, edge: '', why: '' })}>{one.name || one.id}</a>
              <a
                class="edge-link"
                href={address({ edge: edgeText(ends[0] ?? '', group.relation, ends[1] ?? ''), why: '' })}
                aria-label={`Why ${label} ${one.name}`}
              >
                why
              </a>
            </li>
          );
        })}
      </ul>
      {group.count > group.neighbours.length && (
        <p class="more">and {number(group.count - group.neighbours.length)} more</p>
      )}
    </div>
  );
}

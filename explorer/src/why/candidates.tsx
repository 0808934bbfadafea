import type { DrawnEntity, Why } from '../api/types';
import { address } from '../location/use-state';
import { Probability, TypeName } from '../parts/badges';
import { Scroller } from '../parts/scroller';
import { percent, words } from '../text/format';

const SIDE_BY_SIDE = 4;

/** Candidates beside one another, the likeliest first: who they are, who found them, and every feature compared. */
export function Candidates({ why, entities }: { why: Why; entities: Map<string, DrawnEntity> }) {
  const shown = why.candidates.slice(0, SIDE_BY_SIDE);
  const names = [...new Set(shown.flatMap((one) => Object.keys(one.features)))];
  const spread = (name: string, among: typeof shown) => {
    const values = among.map((one) => one.features[name] ?? 0);
    return Math.max(...values) - Math.min(...values);
  };
  // what tells the first two apart comes first, then what tells the others apart
  const apart = (name: string) => 1000 * spread(name, shown.slice(0, 2)) + spread(name, shown);
  names.sort((one, other) => apart(other) - apart(one) || one.localeCompare(other));
  const asserted = why.decision?.entity_id;
  return (
    <Scroller label="Candidates side by side">
      <table class="candidates">
        <thead>
          <tr>
            <td />
            {shown.map((one) => (
              <th key={one.entity_id} scope="col" class={one.entity_id === asserted ? 'asserted' : ''}>
                <a href={address({ entity: one.entity_id, why: '', edge: '' })}>{one.name || one.entity_id}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name="type" cells={shown.map((one) => <TypeName type={entities.get(one.entity_id)?.type ?? ''} />)} />
          <Row
            name="who"
            cells={shown.map((one) => <span class="said">{entities.get(one.entity_id)?.description}</span>)}
          />
          <Row name="probability" cells={shown.map((one) => <Probability value={one.probability} />)} />
          <Row name="score" cells={shown.map((one) => one.score.toFixed(2))} />
          <Row name="matched name" cells={shown.map((one) => one.alias)} />
          <Row name="found by" cells={shown.map((one) => one.channels.join(', '))} />
          <Row name="popularity" cells={shown.map((one) => percent(entities.get(one.entity_id)?.popularity))} />
        </tbody>
        <tbody class="features">
          <tr>
            <th scope="rowgroup" colSpan={shown.length + 1}>
              Features, those that differ most first
            </th>
          </tr>
          {names.map((name) => (
            <Row
              key={name}
              name={words(name)}
              cells={shown.map((one) => <Feature value={one.features[name] ?? 0} />)}
            />
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function Row({ name, cells }: { name: string; cells: preact.ComponentChild[] }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {cells.map((cell, place) => (
        <td key={place}>{cell}</td>
      ))}
    </tr>
  );
}

function Feature({ value }: { value: number }) {
  if (!value) return <span class="faint">0</span>;
  return (
    <span class="feature">
      {Math.abs(value) <= 1 && (
        <svg viewBox="0 0 40 4" preserveAspectRatio="none" aria-hidden="true">
          <rect class={value < 0 ? 'fill against' : 'fill'} width={40 * Math.abs(value)} height="4" rx="2" />
        </svg>
      )}
      {value.toFixed(2)}
    </span>
  );
}

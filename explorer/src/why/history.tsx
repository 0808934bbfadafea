import type { Why } from '../api/types';
import { address } from '../location/use-state';
import { DecisionBadge } from '../parts/badges';
import { Section } from '../parts/notes';
import { decider, percent } from '../text/format';

/** Every decision about the mention, newest first; nothing is ever taken out of it. */
export function History({ rows }: { rows: Why['history'] }) {
  if (!rows.length) return null;
  return (
    <Section title="History" count={String(rows.length)}>
      <ol class="history">
        {rows.map((row) => (
          <li key={row.sequence}>
            <span class="faint">run {row.sequence}</span>
            {row.decision === 'withdrawn' ? (
              <span class="badge open">withdrawn</span>
            ) : (
              <DecisionBadge decision={row.decision} />
            )}
            {row.entity_id && <a href={address({ entity: row.entity_id, why: '', edge: '' })}>{row.entity_id}</a>}
            {row.probability !== null && <span>{percent(row.probability)}</span>}
            {row.decided_by && <span class="faint">{decider(row.decided_by)}</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}

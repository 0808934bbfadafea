import type { EntityRecord } from '../api/types';
import { Probability } from '../parts/badges';
import { Section } from '../parts/notes';
import { decider } from '../text/format';

/** The records that the entity is made of, and what says that they are it. */
export function Records({ rows }: { rows: EntityRecord[] }) {
  if (!rows.length) return null;
  return (
    <Section title="Records" count={String(rows.length)}>
      <ul class="records">
        {rows.map((row) => (
          <li key={row.id}>
            <p class="line">
              <strong>{row.name}</strong>
              <span class="source">{row.source}</span>
              <Probability value={row.probability} label="probability that it is this entity" />
            </p>
            <p class="line faint">
              <code>{row.id}</code>
              <span>decided by {decider(row.decided_by)}</span>
              <span>
                run <code>{row.run_id.slice(0, 8)}</code>
              </span>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

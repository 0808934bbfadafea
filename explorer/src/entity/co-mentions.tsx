import type { CoMention } from '../api/types';
import { address } from '../location/use-state';
import { Section } from '../parts/notes';
import { plural } from '../text/format';

/** What the same documents speak of. */
export function CoMentions({ rows }: { rows: CoMention[] }) {
  if (!rows.length) return null;
  const most = Math.max(...rows.map((row) => row.documents));
  return (
    <Section title="Mentioned together with">
      <ul class="bars">
        {rows.map((row) => (
          <li key={row.id}>
            <a href={address({ entity: row.id, edge: '', why: '' })}>{row.name || row.id}</a>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="fill" width={(100 * row.documents) / most} height="6" rx="3" />
            </svg>
            <span class="count" title={`normalised pointwise mutual information ${row.npmi.toFixed(2)}`}>
              {plural(row.documents, 'document')}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

import { address } from '../location/use-state';
import { TypeName } from '../parts/badges';
import { number, percent } from '../text/format';

const PARTS = [
  ['link', 'links', 'Linked'],
  ['review', 'reviews', 'In review'],
  ['nil', 'nils', 'Not in the catalog'],
] as const;

const MOST_TYPES = 14;

/** The shares of link, review and NIL among what is decided. */
export function Rates({ stored, types }: { stored: Record<string, number>; types: Record<string, number> }) {
  const counts = PARTS.map(([, name]) => stored[name] ?? 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...Object.values(types), 1);
  let at = 0;
  return (
    <section class="card" aria-label="Decisions">
      <h2>Decisions</h2>
      <svg
        class="chart stacked"
        viewBox="0 0 300 22"
        preserveAspectRatio="none"
        role="img"
        aria-label={PARTS.map(
          ([, , said], place) => `${said} ${percent(all ? (counts[place] ?? 0) / all : null)}`,
        ).join(', ')}
      >
        {PARTS.map(([decision], place) => {
          const width = all ? (300 * (counts[place] ?? 0)) / all : 0;
          const x = at;
          at += width;
          return <rect key={decision} class={decision} x={x} width={Math.max(width - 1, 0)} height="22" rx="3" />;
        })}
      </svg>
      <dl class="key">
        {PARTS.map(([decision, , said], place) => (
          <div key={decision}>
            <dt>
              <svg class="dot" viewBox="0 0 10 10" aria-hidden="true">
                <rect class={decision} width="10" height="10" rx="2" />
              </svg>
              {decision === 'review' ? <a href={address({ view: 'review' })}>{said}</a> : said}
            </dt>
            <dd>
              {percent(all ? (counts[place] ?? 0) / all : null)}
              <span class="count">{number(counts[place] ?? 0)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <h3>Entities by type</h3>
      <ul class="bars">
        {Object.entries(types)
          .slice(0, MOST_TYPES)
          .map(([type, count]) => (
            <li key={type}>
              <TypeName type={type} />
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="fill" width={(100 * count) / most} height="6" rx="3" />
              </svg>
              <span class="count">{number(count)}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}

import type { Drift } from '../api/types';
import { go } from '../location/use-state';
import { Empty } from '../parts/notes';
import { number, percent, plural } from '../text/format';

const NAMES: Record<string, string> = { '': 'undecided', link: 'link', review: 'review', nil: 'NIL' };
const [WIDTH, HEIGHT] = [300, 90];

/** What a run changed: rates before and now, which decisions moved, and the two distributions of probability. */
export function DriftCard({ drift, chosen }: { drift: Drift; chosen: boolean }) {
  if (!drift.run_id) return <Empty>No run has decided anything yet.</Empty>;
  const { now, before } = drift;
  const first = before.mentions === 0;
  return (
    <>
      <p>
        {first
          ? `The first decisions: ${plural(now.mentions, 'mention')}, by the ${drift.kind} run `
          : `${plural(drift.changed, 'mention')} of ${number(now.mentions)} decided otherwise since before the ${drift.kind} run `}
        <code>{drift.run_id.slice(0, 8)}</code>
        {!drift.complete && ' (the first documents only)'}
        {chosen && (
          <button type="button" class="small" onClick={() => go({ since: '' }, 'replace')}>
            newest run
          </button>
        )}
      </p>
      <table class="rows compact">
        <thead>
          <tr>
            <td />
            {!first && (
              <th scope="col" class="right">
                before
              </th>
            )}
            <th scope="col" class="right">
              now
            </th>
          </tr>
        </thead>
        <tbody>
          {(['link', 'review', 'nil'] as const).map((decision) => (
            <tr key={decision}>
              <th scope="row">{NAMES[decision]}</th>
              {!first && <td class="right">{percent(before.decisions[decision] / before.mentions)}</td>}
              <td class="right">{percent(now.mentions ? now.decisions[decision] / now.mentions : null)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">mean probability</th>
            {!first && <td class="right">{before.probability?.toFixed(3)}</td>}
            <td class="right">{now.probability?.toFixed(3)}</td>
          </tr>
        </tbody>
      </table>
      <Distributions drift={drift} />
      {drift.stability !== null && (
        <p class="more" title="population stability index of the probabilities, ten bins">
          Stability index {drift.stability.toFixed(3)}:{' '}
          {drift.stability < 0.1 ? 'no drift' : drift.stability < 0.25 ? 'some drift' : 'much drift'}
        </p>
      )}
      {!first && drift.flows.length > 0 && (
        <ul class="chips" aria-label="Decisions that changed">
          {drift.flows.slice(0, 8).map((flow) => (
            <li key={`${flow.before} ${flow.now}`}>
              {NAMES[flow.before]} → {flow.before === flow.now ? 'another entity' : NAMES[flow.now]}{' '}
              <strong>{number(flow.mentions)}</strong>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Distributions({ drift }: { drift: Drift }) {
  const share = (bins: number[]) => {
    const all = bins.reduce((sum, count) => sum + count, 0);
    // by the root, so that small bins are seen beside a large one
    return bins.map((count) => (all ? Math.sqrt(count / all) : 0));
  };
  const [now, before] = [share(drift.now.bins), share(drift.before.bins)];
  const most = Math.max(...now, ...before, 0.01);
  const step = WIDTH / now.length;
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 16}`}
      role="img"
      aria-label={`Mentions by probability, now: ${now.map((value, place) => `${place / 10} ${percent(value * value)}`).join(', ')}`}
    >
      <line class="axis" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {now.map((value, place) => (
        <rect
          key={place}
          class="bar"
          x={place * step + 3}
          width={step - 6}
          y={HEIGHT - (HEIGHT * value) / most}
          height={(HEIGHT * value) / most}
          rx="2"
        />
      ))}
      {before.some(Boolean) && (
        <polyline
          class="former"
          points={before
            .map((value, place) => `${place * step + step / 2},${HEIGHT - (HEIGHT * value) / most}`)
            .join(' ')}
        />
      )}
      <text x="0" y={HEIGHT + 13}>
        probability 0
      </text>
      <text x={WIDTH} y={HEIGHT + 13} text-anchor="end">
        1
      </text>
    </svg>
  );
}

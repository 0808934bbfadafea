import type { Run } from '../api/types';
import { address } from '../location/use-state';
import { Scroller } from '../parts/scroller';
import { moment, number, words } from '../text/format';

const DECIDING = new Set(['resolve', 'decide', 'promote', 'assign', 'undo', 'merge', 'split', 'review']);

export function Runs({ runs, more, since }: { runs: Run[]; more: boolean; since: string }) {
  return (
    <section>
      <h2>Runs</h2>
      <Scroller label="Runs">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col" class="right">
                Run
              </th>
              <th scope="col">Kind</th>
              <th scope="col">Status</th>
              <th scope="col">Began</th>
              <th scope="col" class="right">
                Seconds
              </th>
              <th scope="col">Counts</th>
              <th scope="col">Drift</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.run_id} class={run.run_id === since ? 'chosen' : ''}>
                <td class="right">{run.sequence}</td>
                <th scope="row">
                  {run.kind} <code>{run.run_id.slice(0, 8)}</code>
                </th>
                <td>{run.status}</td>
                <td class="number">{moment(run.started_at)}</td>
                <td class="right">
                  {Object.values(run.seconds)
                    .reduce((sum, one) => sum + one, 0)
                    .toFixed(1)}
                </td>
                <td class="counted">
                  {Object.entries(run.counts)
                    .filter(([, count]) => count > 0)
                    .map(([name, count]) => `${number(count)} ${words(name)}`)
                    .join(', ')}
                </td>
                <td>
                  {DECIDING.has(run.kind) && (
                    <a href={address({ since: run.run_id })} aria-label={`Compare with before run ${run.sequence}`}>
                      compare
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {more && <p class="more">Older runs: `kg runs`, or /api/v1/runs.</p>}
    </section>
  );
}

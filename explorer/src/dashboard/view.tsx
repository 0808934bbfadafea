import { get } from '../api/client';
import type { Drift, Evaluation, Run, Stats } from '../api/types';
import { useAnswer } from '../api/use-answer';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { Empty, ProblemNote, Waiting } from '../parts/notes';
import { Calibration } from './calibration';
import { Counts } from './counts';
import { DriftCard } from './drift';
import { Rates } from './rates';
import { Runs } from './runs';

const RUNS = 20;

/** How the home stands: what it holds, how it was decided, how right that is, and what the last runs changed. */
export function DashboardView({ state }: { state: State }) {
  const stats = useAnswer((signal) => get<Stats>('/stats', {}, signal), []);
  const runs = useAnswer((signal) => get<{ runs: Run[]; more: boolean }>('/runs', { limit: RUNS }, signal), []);
  const drift = useAnswer((signal) => get<Drift>('/drift', { since: state.since }, signal), [state.since]);
  const sets = useAnswer((signal) => get<{ golden_sets: string[] }>('/evaluations', {}, signal), []);
  const { golden } = state;
  const evaluation = useAnswer(
    golden ? (signal) => get<Evaluation>(`/evaluations/${encodeURIComponent(golden)}`, {}, signal) : null,
    [golden],
  );
  const problem = stats.problem ?? runs.problem;
  return (
    <div class="page dashboard" aria-busy={stats.asking || runs.asking || drift.asking || evaluation.asking}>
      <h1>Dashboard</h1>
      {problem && <ProblemNote problem={problem} />}
      {stats.value ? <Counts stats={stats.value} /> : !problem && <Waiting what="Counting" />}
      <div class="cards">
        {stats.value && <Rates stored={stats.value.stored} types={stats.value.entity_types} />}
        <section class="card" aria-label="Drift">
          <h2>Drift</h2>
          {drift.problem && <ProblemNote problem={drift.problem} />}
          {drift.value ? (
            <DriftCard drift={drift.value} chosen={state.since !== ''} />
          ) : (
            !drift.problem && <Waiting what="Comparing" />
          )}
        </section>
        <section class="card" aria-label="Calibration">
          <h2>Calibration</h2>
          {evaluation.problem && <ProblemNote problem={evaluation.problem} />}
          {evaluation.value && <Calibration evaluation={evaluation.value} />}
          {golden && !evaluation.value && !evaluation.problem && <Waiting what="Evaluating" />}
          {sets.value && <GoldenSets names={sets.value.golden_sets} shown={golden} />}
        </section>
      </div>
      {runs.value && <Runs runs={runs.value.runs} more={runs.value.more} since={drift.value?.run_id ?? ''} />}
    </div>
  );
}

/** Evaluating takes its time, so it begins when it is asked for. */
function GoldenSets({ names, shown }: { names: string[]; shown: string }) {
  if (!names.length)
    return (
      <Empty>
        Whether a probability of 0.8 is right eight times in ten, only a golden set can say: put one into the folder
        “gold” of the home.
      </Empty>
    );
  const others = names.filter((name) => name !== shown);
  if (!others.length) return null;
  return (
    <div class="actions">
      {!shown && <p class="lead">Compare the decisions with a golden set of the home:</p>}
      {others.map((name) => (
        <button key={name} type="button" onClick={() => go({ golden: name }, 'replace')}>
          Evaluate on {name}
        </button>
      ))}
    </div>
  );
}

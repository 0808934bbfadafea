import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../api/client';
import type { Table } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { csv } from '../export/csv';
import { download, text } from '../export/download';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { Empty, ProblemNote, Waiting } from '../parts/notes';
import { number, plural } from '../text/format';
import { AnswerGraph } from './answer-graph';
import { AnswerTable } from './answer-table';
import { entitiesOf } from './entities-of';
import { EXAMPLES } from './examples';

const ROWS = 2000;

/** A question in Cypher, its answer as a table or a graph. The address holds the question. */
export function CypherView({ state }: { state: State }) {
  const [draft, setDraft] = useState(state.query || (EXAMPLES[0]?.query ?? ''));
  const [times, setTimes] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (state.query) setDraft(state.query);
  }, [state.query]);
  const { value, problem, asking } = useAnswer(
    state.query ? (signal) => post<Table>('/cypher', { query: state.query, limit: ROWS }, signal) : null,
    [state.query, times],
  );
  const ask = (query: string) => {
    if (query === state.query) setTimes(times + 1);
    else go({ query });
  };
  const entities = value ? entitiesOf(value) : [];
  return (
    <div class="page cypher" aria-busy={asking}>
      <h1>Cypher</h1>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          ask(draft);
        }}
      >
        <label for="query" class="sr">
          Query
        </label>
        <textarea
          id="query"
          ref={field}
          rows={Math.min(Math.max(draft.split('\n').length, 3), 12)}
          spellcheck={false}
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            ask(draft);
          }}
        />
        <div class="actions">
          <label>
            <span class="sr">Examples</span>
            <select
              value=""
              onChange={(event) => {
                const example = EXAMPLES[Number(event.currentTarget.value)];
                if (example) ask(example.query);
              }}
            >
              <option value="">Examples …</option>
              {EXAMPLES.map((example, place) => (
                <option key={example.question} value={String(place)}>
                  {example.question}
                </option>
              ))}
            </select>
          </label>
          <span class="hint">reads only; Ctrl+Enter runs</span>
          <button type="submit" class="primary push" disabled={!draft.trim()}>
            Run
          </button>
        </div>
      </form>
      {problem && <ProblemNote problem={problem} />}
      {asking && !value && <Waiting what="Asking" />}
      {value && (
        <section aria-label="Answer">
          <div class="page-head">
            <p class="count" role="status">
              {plural(value.rows.length, 'row')}
              {value.truncated && `, and more (the first ${number(value.rows.length)} are shown)`}
            </p>
            <div class="group push" role="group" aria-label="Show the answer as">
              {(['table', 'graph'] as const).map((one) => (
                <button
                  key={one}
                  type="button"
                  aria-pressed={state.answer === one}
                  disabled={one === 'graph' && !entities.length}
                  onClick={() => go({ answer: one }, 'replace')}
                >
                  {one === 'table' ? 'Table' : 'Graph'}
                </button>
              ))}
              <button
                type="button"
                onClick={() => download(text(csv(value.columns, value.rows), 'text/csv'), 'answer.csv')}
              >
                CSV
              </button>
            </div>
          </div>
          {!value.rows.length && <Empty>No rows.</Empty>}
          {value.rows.length > 0 &&
            (state.answer === 'graph' ? <AnswerGraph ids={entities} /> : <AnswerTable table={value} />)}
        </section>
      )}
    </div>
  );
}

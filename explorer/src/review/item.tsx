import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../api/client';
import type { Subgraph, ToReview } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { address } from '../location/use-state';
import { Probability, TypeName } from '../parts/badges';
import { CodePoints } from '../text/code-points';
import { time } from '../text/format';
import { NewEntity } from './new-entity';
import { PickAnother } from './pick-another';
import type { Choice } from './queue';
import { typing } from './view';

/** One mention with what it may mean; digits choose, N rejects, P picks another, E makes a new entity. */
export function ReviewItem({ row, busy, choose }: { row: ToReview; busy: boolean; choose: (choice: Choice) => void }) {
  const [form, setForm] = useState<'' | 'pick' | 'new'>('');
  const text = new CodePoints(row.sentence);
  const [start, end] = [row.start - row.sentence_start, row.end - row.sentence_start];
  const ids = row.candidates.map((candidate) => candidate.entity_id);
  const known = useAnswer(ids.length ? (signal) => post<Subgraph>('/graph/subgraph', { ids }, signal) : null, [
    row.mention_id,
  ]);
  const entities = new Map((known.value?.entities ?? []).map((entity) => [entity.id, entity]));
  const acts = useRef({ choose, setForm });
  acts.current = { choose, setForm };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const candidate = /^[1-9]$/.test(event.key) ? row.candidates[Number(event.key) - 1] : undefined;
      if (candidate) acts.current.choose({ kind: 'entity', entity: candidate.entity_id, name: candidate.name });
      else if (event.key === 'n') acts.current.choose({ kind: 'nil' });
      else if (event.key === 'p') acts.current.setForm('pick');
      else if (event.key === 'e') acts.current.setForm('new');
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [row]);

  return (
    <article class="card item" aria-label={`Mention ${row.surface}`}>
      <blockquote class="sentence large">
        {text.slice(0, start)}
        <mark class="review">{text.slice(start, end)}</mark>
        {text.slice(end, text.length)}
      </blockquote>
      <p class="line">
        <a href={address({ view: 'documents', document: row.doc_id, mention: row.mention_id })}>
          {row.title || row.doc_id}
        </a>
        {row.start_ms !== null && <span class="time">{time(row.start_ms)}</span>}
        <TypeName type={row.type} />
        <a href={address({ why: row.mention_id })}>why</a>
      </p>
      <p class="reason">{row.reason}</p>
      <ol class="choices-of">
        {row.candidates.slice(0, 9).map((candidate, place) => (
          <li key={candidate.entity_id}>
            <button
              type="button"
              class="choice"
              disabled={busy}
              onClick={() => choose({ kind: 'entity', entity: candidate.entity_id, name: candidate.name })}
            >
              <kbd>{place + 1}</kbd>
              <span class="name">
                {candidate.name || candidate.entity_id}
                <span class="alias">
                  {candidate.alias !== candidate.name && `as “${candidate.alias}” · `}
                  {entities.get(candidate.entity_id)?.description || candidate.entity_id}
                </span>
              </span>
              <TypeName type={entities.get(candidate.entity_id)?.type ?? ''} />
              <Probability value={candidate.probability} />
            </button>
            <a
              class="look"
              href={address({ entity: candidate.entity_id, why: '' })}
              aria-label={`Look at ${candidate.name}, ${candidate.entity_id}`}
            >
              look
            </a>
          </li>
        ))}
      </ol>
      <div class="actions">
        <button type="button" disabled={busy} onClick={() => choose({ kind: 'nil' })}>
          <kbd>N</kbd>Not in the catalog
        </button>
        <button type="button" aria-expanded={form === 'pick'} onClick={() => setForm(form === 'pick' ? '' : 'pick')}>
          <kbd>P</kbd>Pick another
        </button>
        <button type="button" aria-expanded={form === 'new'} onClick={() => setForm(form === 'new' ? '' : 'new')}>
          <kbd>E</kbd>New entity
        </button>
      </div>
      {form === 'pick' && <PickAnother surface={row.surface} choose={choose} />}
      {form === 'new' && <NewEntity row={row} busy={busy} choose={choose} />}
    </article>
  );
}

import { useState } from 'preact/hooks';
import type { Problem } from '../api/client';
import { get } from '../api/client';
import type { Mention, MentionPage } from '../api/types';
import { asProblem, useAnswer } from '../api/use-answer';
import { address } from '../location/use-state';
import { DecisionBadge, Probability } from '../parts/badges';
import { Empty, ProblemNote, Section, Waiting } from '../parts/notes';

const PAGE = 8;

/** Where texts speak of the entity: quotes with document, time code and probability; page by page. */
export function Mentions({ id }: { id: string }) {
  const { value, problem } = useAnswer(
    (signal) => get<MentionPage>('/entity/mentions', { id, limit: PAGE }, signal),
    [id],
  );
  const [more, setMore] = useState<MentionPage | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  if (problem) return <ProblemNote problem={problem} />;
  if (!value) return <Waiting what="Loading mentions" />;
  const rows = [...value.mentions, ...(more?.mentions ?? [])];
  const next = (more ?? value).next;
  const load = async () => {
    try {
      const page = await get<MentionPage>('/entity/mentions', { id, limit: PAGE * 3, after: next });
      setMore({ mentions: [...(more?.mentions ?? []), ...page.mentions], next: page.next });
    } catch (error) {
      setFailed(asProblem(error));
    }
  };
  return (
    <Section title="Mentions" count={next ? `${rows.length}+` : String(rows.length)}>
      {rows.length === 0 && <Empty>No text speaks of it.</Empty>}
      <ul class="quotes">
        {rows.map((row) => (
          <Quote key={row.mention_id} row={row} />
        ))}
      </ul>
      {failed && <ProblemNote problem={failed} />}
      {next && (
        <button type="button" onClick={load}>
          More mentions
        </button>
      )}
    </Section>
  );
}

export function Quote({ row }: { row: Mention }) {
  const [before, said, after] = partsOf(row);
  return (
    <li>
      <blockquote>
        {before}
        <mark class={row.decision ?? 'open'}>{said}</mark>
        {after}
      </blockquote>
      <p class="line">
        <a href={address({ view: 'documents', document: row.doc_id, mention: row.mention_id, why: '' })}>
          {row.doc_id}
        </a>
        {row.time && <span class="time">{row.time}</span>}
        {row.speaker && <span>{row.speaker}</span>}
        {row.decision !== 'link' && <DecisionBadge decision={row.decision} />}
        <Probability value={row.probability} />
        <a class="push" href={address({ why: row.mention_id })} aria-label={`Why “${row.surface}” in ${row.doc_id}`}>
          why
        </a>
      </p>
    </li>
  );
}

/** A quote has its mention in brackets; the text may have brackets of its own. */
function partsOf({ quote, surface }: Mention): [string, string, string] {
  const said = surface.replace(/\s+/g, ' ');
  const place = quote.indexOf(`[${said}]`);
  if (place < 0) return ['', quote, ''];
  return [quote.slice(0, place), said, quote.slice(place + said.length + 2)];
}

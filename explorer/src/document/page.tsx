import { useEffect, useMemo, useRef } from 'preact/hooks';
import { get } from '../api/client';
import type { Decision, Mention, MentionPage, WholeDocument } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { calm } from '../graph/calm';
import type { State } from '../location/state';
import { address } from '../location/use-state';
import { DecisionBadge } from '../parts/badges';
import { Icon } from '../parts/icons';
import { ProblemNote, Waiting } from '../parts/notes';
import { percent, time } from '../text/format';
import { type Line, linesOf } from './lines';

const PAGE = 1000;
const MOST_PAGES = 20;
const DECISIONS: Decision[] = ['link', 'review', 'nil'];

/** A document with its mentions in the colours of what was decided; each leads to why. */
export function DocumentPage({ id, state }: { id: string; state: State }) {
  const whole = useAnswer((signal) => get<WholeDocument>('/document', { id }, signal), [id]);
  const mentions = useAnswer((signal) => allMentions(id, signal), [id]);
  const lines = useMemo(
    () => (whole.value && mentions.value ? linesOf(whole.value, mentions.value) : []),
    [whole.value, mentions.value],
  );
  const text = useRef<HTMLDivElement>(null);
  const shown = lines.length > 0;
  useEffect(() => {
    if (!shown || !state.mention) return;
    const found = text.current?.querySelector(`[data-mention="${CSS.escape(state.mention)}"]`);
    found?.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' });
  }, [shown, state.mention]);
  const problem = whole.problem ?? mentions.problem;
  const { value } = whole;
  return (
    <div class="page document" aria-busy={whole.asking || mentions.asking}>
      <p class="crumb">
        <a href={address({ document: '', mention: '', why: '' })}>
          <Icon name="back" />
          Documents
        </a>
      </p>
      {problem && <ProblemNote problem={problem} />}
      {!problem && !shown && <Waiting />}
      {value && (
        <>
          <h1>{value.title || value.id}</h1>
          <p class="line faint">
            <code>{value.id}</code>
            {value.kind && <span>{value.kind}</span>}
            {value.published && <span>{value.published.slice(0, 10)}</span>}
            {value.language && <span>{value.language}</span>}
          </p>
        </>
      )}
      {mentions.value && <Counts mentions={mentions.value} />}
      <div class="text" ref={text}>
        {lines.map((line) => (
          <LineOf key={line.start} line={line} chosen={state.why || state.mention} />
        ))}
      </div>
    </div>
  );
}

function Counts({ mentions }: { mentions: Mention[] }) {
  const open = mentions.filter((mention) => mention.decision === null).length;
  return (
    <ul class="counts" aria-label="Mentions by decision">
      {DECISIONS.map((decision) => (
        <li key={decision}>
          <DecisionBadge decision={decision} />
          {mentions.filter((mention) => mention.decision === decision).length}
        </li>
      ))}
      {open > 0 && (
        <li>
          <DecisionBadge decision={null} />
          {open}
        </li>
      )}
    </ul>
  );
}

function LineOf({ line, chosen }: { line: Line; chosen: string }) {
  return (
    <p class={line.start_ms === null ? 'said' : 'said timed'}>
      {line.start_ms !== null && <span class="time">{time(line.start_ms)}</span>}
      <span>
        {line.speaker && <strong class="speaker">{line.speaker}</strong>}
        {line.pieces.map(({ text, mention }, place) =>
          mention ? (
            <a
              key={mention.mention_id}
              href={address({
                why: mention.mention_id,
                mention: mention.mention_id,
                entity: mention.entity_id ?? mention.provisional_id ?? '',
              })}
              class={`mention ${mention.decision ?? 'open'}${chosen === mention.mention_id ? ' chosen' : ''}`}
              data-mention={mention.mention_id}
              title={`${mention.decision ?? 'undecided'} ${mention.entity_id ?? mention.best_entity_id ?? ''} ${percent(mention.probability)}`}
            >
              {text}
              <span class="sr">{` (${mention.decision ?? 'undecided'})`}</span>
            </a>
          ) : (
            <span key={place}>{text}</span>
          ),
        )}
      </span>
    </p>
  );
}

async function allMentions(id: string, signal: AbortSignal): Promise<Mention[]> {
  const found: Mention[] = [];
  let after = '';
  for (let page = 0; page < MOST_PAGES; page++) {
    const told = await get<MentionPage>('/document/mentions', { id, limit: PAGE, after }, signal);
    found.push(...told.mentions);
    after = told.next;
    if (!after) break;
  }
  return found;
}

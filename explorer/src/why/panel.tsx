import { get, post } from '../api/client';
import type { DrawnEntity, Subgraph, Why } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { address } from '../location/use-state';
import { DecisionBadge, Probability } from '../parts/badges';
import { Empty, ProblemNote, Section, Waiting } from '../parts/notes';
import { CodePoints } from '../text/code-points';
import { decider, time } from '../text/format';
import { Candidates } from './candidates';
import { Difference } from './difference';
import { History } from './history';

/** Why a mention is decided as it is: the evidence for each candidate, what was second, and every decision until now. */
export function WhyPanel({ mention }: { mention: string }) {
  const { value, problem, asking } = useAnswer((signal) => get<Why>('/mention/why', { mention }, signal), [mention]);
  const ids = value?.candidates.map((candidate) => candidate.entity_id) ?? [];
  const known = useAnswer(ids.length ? (signal) => post<Subgraph>('/graph/subgraph', { ids }, signal) : null, [
    ids.join('\n'),
  ]);
  if (problem) return <ProblemNote problem={problem} />;
  if (!value) return asking ? <Waiting /> : null;
  const entities = new Map((known.value?.entities ?? []).map((entity) => [entity.id, entity]));
  return (
    <div class="panel why" aria-busy={asking}>
      <h2>Why “{value.mention.surface}”?</h2>
      <Place mention={value.mention} decision={value.decision?.decision ?? 'open'} />
      <Decided why={value} entities={entities} />
      <Section title="Candidates" count={String(value.candidates.length)}>
        {value.candidates.length ? (
          <Candidates why={value} entities={entities} />
        ) : (
          <Empty>No channel found an entity that it could mean.</Empty>
        )}
      </Section>
      {value.runner_up && <Difference mention={value.mention.mention_id} runnerUp={value.runner_up} />}
      <History rows={value.history} />
    </div>
  );
}

function Place({ mention, decision }: { mention: Why['mention']; decision: string }) {
  const text = new CodePoints(mention.sentence);
  const start = mention.start - mention.sentence_start;
  const end = mention.end - mention.sentence_start;
  return (
    <>
      <blockquote class="sentence">
        {text.slice(0, start)}
        <mark class={decision}>{text.slice(start, end)}</mark>
        {text.slice(end, text.length)}
      </blockquote>
      <p class="line">
        <a href={address({ view: 'documents', document: mention.doc_id, mention: mention.mention_id })}>
          {mention.title || mention.doc_id}
        </a>
        {mention.start_ms !== null && <span class="time">{time(mention.start_ms)}</span>}
        {mention.speaker && <span>{mention.speaker}</span>}
        <span class="faint">found by {mention.extractor.replaceAll('+', ', ')}</span>
      </p>
    </>
  );
}

function Decided({ why, entities }: { why: Why; entities: Map<string, DrawnEntity> }) {
  const { decision } = why;
  if (!decision) return <Empty>It is not decided yet: `kg resolve` does that.</Empty>;
  const meant = decision.entity_id ?? decision.provisional_id;
  const name = why.candidates.find((one) => one.entity_id === meant)?.name ?? (meant && entities.get(meant)?.name);
  return (
    <div class="verdict">
      <p class="line">
        <DecisionBadge decision={decision.decision} />
        {meant && <a href={address({ entity: meant, why: '', edge: '' })}>{name || meant}</a>}
        <Probability value={decision.probability} />
      </p>
      <p>{decision.reason}</p>
      {decision.decision === 'review' && (
        <p>
          <a href={address({ view: 'review', mention: why.mention.mention_id, why: '' })}>Decide it</a>
        </p>
      )}
      <p class="line faint">
        <span>decided by {decider(decision.decided_by)}</span>
        <span>
          run <code>{decision.run_id.slice(0, 8)}</code>
        </span>
      </p>
    </div>
  );
}

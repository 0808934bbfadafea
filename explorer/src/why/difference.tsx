import { useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Why, WhyNot } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { address } from '../location/use-state';
import { ProblemNote, Section, Waiting } from '../parts/notes';
import { words } from '../text/format';

const SHOWN = 10;

/** What made the runner-up come second: each feature with its weight in the difference of the two scores. */
export function Difference({ mention, runnerUp }: { mention: string; runnerUp: NonNullable<Why['runner_up']> }) {
  const [open, setOpen] = useState(false);
  const { value, problem } = useAnswer(
    open ? (signal) => get<WhyNot>('/mention/why-not', { mention, entity: runnerUp.entity_id }, signal) : null,
    [open, mention, runnerUp.entity_id],
  );
  const told = (value?.contributions ?? []).slice(0, SHOWN);
  const most = Math.max(...told.map((one) => Math.abs(one.contribution)), 1e-9);
  return (
    <Section title="Runner-up">
      <p>
        <a href={address({ entity: runnerUp.entity_id, why: '', edge: '' })}>{runnerUp.name || runnerUp.entity_id}</a>
        {` is ${runnerUp.score_behind.toFixed(2)} behind in score.`}
      </p>
      {!open && (
        <button type="button" onClick={() => setOpen(true)}>
          What made the difference
        </button>
      )}
      {open && !value && !problem && <Waiting what="Linking the document again" />}
      {problem && <ProblemNote problem={problem} />}
      {value && <p class="lead">{value.verdict}</p>}
      {told.length > 0 && (
        <table class="contributions">
          <caption class="sr">What each feature did to the difference of the two scores</caption>
          <tbody>
            {told.map((one) => (
              <tr key={one.feature}>
                <th scope="row">{words(one.feature)}</th>
                <td>
                  <svg viewBox="-50 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect
                      class={one.contribution < 0 ? 'against' : 'for'}
                      x={one.contribution < 0 ? (50 * one.contribution) / most : 0}
                      width={(50 * Math.abs(one.contribution)) / most}
                      height="8"
                      rx="2"
                    />
                    <line class="axis" x1="0" x2="0" y1="0" y2="8" />
                  </svg>
                </td>
                <td class="right">{signed(one.contribution)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

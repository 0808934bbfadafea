import type { Decision } from '../api/types';
import { colourOf } from '../graph/colours';
import { capital, percent, words } from '../text/format';

export function TypeDot({ type }: { type: string }) {
  return (
    <svg class="dot" viewBox="0 0 10 10" aria-hidden="true">
      <circle cx="5" cy="5" r="5" fill={colourOf(type)} />
    </svg>
  );
}

export function TypeName({ type }: { type: string }) {
  return (
    <span class="type">
      <TypeDot type={type} />
      {type ? words(type) : 'no type'}
    </span>
  );
}

const SAID: Record<Decision, string> = { link: 'link', review: 'review', nil: 'not in catalog' };

export function DecisionBadge({ decision }: { decision: string | null }) {
  const known = decision === 'link' || decision === 'review' || decision === 'nil';
  return <span class={`badge ${known ? decision : 'open'}`}>{known ? SAID[decision] : 'undecided'}</span>;
}

/** A probability as a bar with its number. */
export function Probability({ value, label = 'probability' }: { value: number | null; label?: string }) {
  if (value === null) return null;
  return (
    <span class="probability" title={`${label} ${value.toFixed(4)}`}>
      <svg viewBox="0 0 40 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="40" height="6" rx="3" />
        <rect class="fill" width={Math.max(40 * value, 1)} height="6" rx="3" />
      </svg>
      <span class="number">{percent(value)}</span>
    </span>
  );
}

export function title(type: string): string {
  return capital(words(type));
}

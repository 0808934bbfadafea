import { get } from '../api/client';
import type { Timeline } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { Section } from '../parts/notes';
import { number, plural } from '../text/format';

const HEIGHT = 56;
const WIDTH = 320;

/** Mentions by the date on which their documents were published. */
export function TimelineChart({ id }: { id: string }) {
  const { value } = useAnswer((signal) => get<Timeline>('/entity/timeline', { id }, signal), [id]);
  if (!value?.periods.length) return null;
  const slots = everyPeriod(value);
  const most = Math.max(...slots.map((slot) => slot.mentions));
  const step = WIDTH / Math.max(slots.length, 6);
  const total = slots.reduce((sum, slot) => sum + slot.mentions, 0);
  const [first, last] = [slots[0]?.period, slots.at(-1)?.period];
  return (
    <Section title="Over time" count={`by ${value.step}`}>
      <svg
        class="chart timeline"
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 16}`}
        role="img"
        aria-label={`${plural(total, 'mention')} from ${first} to ${last}, at most ${number(most)} in one ${value.step}`}
      >
        <line class="axis" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {slots.map((slot, place) => {
          const height = slot.mentions ? Math.max((HEIGHT * slot.mentions) / most, 2) : 0;
          return (
            <rect
              key={slot.period}
              class="bar"
              x={place * step + step * 0.1}
              y={HEIGHT - height}
              width={step * 0.8}
              height={height}
              rx="1.5"
            >
              <title>
                {slot.period}: {plural(slot.mentions, 'mention')}
              </title>
            </rect>
          );
        })}
        <text x="0" y={HEIGHT + 13}>
          {first}
        </text>
        {slots.length > 1 && (
          <text x={slots.length * step} y={HEIGHT + 13} text-anchor={slots.length > 5 ? 'end' : 'start'}>
            {last}
          </text>
        )}
      </svg>
      {value.undated > 0 && <p class="more">{plural(value.undated, 'mention')} in documents without a date</p>}
    </Section>
  );
}

/** All periods from the first to the last, so that silence is seen too; days only when they are few. */
function everyPeriod({ periods, step }: Timeline): { period: string; mentions: number }[] {
  const known = new Map(periods.map((period) => [period.period, period.mentions]));
  const [first, last] = [periods[0]?.period ?? '', periods.at(-1)?.period ?? ''];
  const slots: { period: string; mentions: number }[] = [];
  const length = step === 'year' ? 4 : step === 'month' ? 7 : 10;
  const at = new Date(`${first}-01-01`.slice(0, 10));
  while (slots.length < 400) {
    const period = at.toISOString().slice(0, length);
    if (period > last) return slots;
    slots.push({ period, mentions: known.get(period) ?? 0 });
    if (step === 'year') at.setUTCFullYear(at.getUTCFullYear() + 1);
    else if (step === 'month') at.setUTCMonth(at.getUTCMonth() + 1);
    else at.setUTCDate(at.getUTCDate() + 1);
  }
  return periods;
}

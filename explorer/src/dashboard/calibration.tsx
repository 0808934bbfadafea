import type { Evaluation } from '../api/types';
import { number } from '../text/format';

const SIDE = 220;
const [LEFT, BOTTOM] = [34, 30];
const MEASURES = ['link_precision', 'link_recall', 'accuracy', 'nil_f1'] as const;

/** Probability against the share that is right: on the diagonal a probability is true. */
export function Calibration({ evaluation }: { evaluation: Evaluation }) {
  const { bins, ece, brier, mentions } = evaluation.report.calibration;
  const told = bins.filter((bin) => bin.mentions > 0 && bin.probability !== null && bin.right !== null);
  const most = Math.max(...told.map((bin) => bin.mentions), 1);
  const x = (value: number) => LEFT + value * SIDE;
  const y = (value: number) => (1 - value) * SIDE;
  const measures = MEASURES.flatMap((name) => {
    const value = evaluation.measures[name];
    return value === null || value === undefined ? [] : [[name.replaceAll('_', ' '), value] as const];
  });
  return (
    <div class="calibration">
      <svg
        class="chart square"
        viewBox={`-2 -8 ${LEFT + SIDE + 12} ${SIDE + BOTTOM + 10}`}
        role="img"
        aria-label={`Reliability: ${told.map((bin) => `of probability ${bin.probability?.toFixed(2)} right ${bin.right?.toFixed(2)}`).join('; ')}`}
      >
        {[0, 0.5, 1].map((value) => (
          <g key={value}>
            <line class="grid" x1={x(0)} x2={x(1)} y1={y(value)} y2={y(value)} />
            <line class="grid" x1={x(value)} x2={x(value)} y1={y(0)} y2={y(1)} />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {value}
            </text>
            <text x={x(value)} y={SIDE + 15} text-anchor="middle">
              {value}
            </text>
          </g>
        ))}
        <line class="even" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        <polyline
          class="former"
          points={told.map((bin) => `${x(bin.probability ?? 0)},${y(bin.right ?? 0)}`).join(' ')}
        />
        {told.map((bin) => (
          <circle
            key={bin.low}
            class="point"
            cx={x(bin.probability ?? 0)}
            cy={y(bin.right ?? 0)}
            r={3 + 5 * Math.sqrt(bin.mentions / most)}
          >
            <title>{`${number(bin.mentions)} mentions: probability ${bin.probability?.toFixed(3)}, right ${bin.right?.toFixed(3)}`}</title>
          </circle>
        ))}
        <text x={x(0.5)} y={SIDE + 28} text-anchor="middle">
          probability
        </text>
        <text class="upright" x={-SIDE / 2} y="8" text-anchor="middle">
          share right
        </text>
      </svg>
      <dl class="facts">
        <dt>Golden set</dt>
        <dd>
          {evaluation.golden_set}, {number(mentions)} mentions
        </dd>
        <dt>Calibration error</dt>
        <dd>{ece === null ? '–' : ece.toFixed(4)}</dd>
        <dt>Brier score</dt>
        <dd>{brier === null ? '–' : brier.toFixed(4)}</dd>
        {measures.map(([name, value]) => (
          <div class="contents" key={name}>
            <dt>{name}</dt>
            <dd>{value.toFixed(4)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

import { describe, expect, it } from 'vitest';
import type { Mention, WholeDocument } from '../src/api/types';
import { linesOf } from '../src/document/lines';
import { csv } from '../src/export/csv';
import { CodePoints } from '../src/text/code-points';
import { percent, time } from '../src/text/format';

const TEXTS = ['', 'plain', 'Björk 方탄', '😀 a 😀😀 b', '\u0065\u0301', 'a\n\nb\n'];

function mention(start: number, end: number): Mention {
  return { mention_id: `${start}-${end}`, start, end } as Mention;
}

describe('code points', () => {
  it('slice as Python does', () => {
    for (const text of TEXTS) {
      const signs = [...text];
      const points = new CodePoints(text);
      expect(points.length).toBe(signs.length);
      for (let start = 0; start <= signs.length; start++)
        for (let end = start; end <= signs.length + 1; end++)
          expect(points.slice(start, end)).toBe(signs.slice(start, end).join(''));
    }
  });
});

describe('lines of a document', () => {
  const text = 'Hello 😀 there. General Kenobi spoke.\nAnd more.\n\nEnd';
  const base = { id: 'd', title: '', kind: '', published: '', uri: '', language: '', text };

  const whole = (document: WholeDocument, mentions: Mention[]) =>
    linesOf(document, mentions)
      .flatMap((line) => line.pieces.map((piece) => piece.text))
      .join('');

  it('hold the whole text once, by paragraph', () => {
    expect(whole({ ...base, cues: [] }, [mention(0, 5), mention(6, 7), mention(3, 9)])).toBe(text);
  });

  it('hold the whole text once, by cue, and cut no mention', () => {
    const cues = [
      { start: 0, end: 14, start_ms: 0, end_ms: 900, speaker: 'A' },
      { start: 15, end: 22, start_ms: 1000, end_ms: 1900, speaker: 'B' },
      { start: 23, end: 36, start_ms: 30_000, end_ms: 31_000, speaker: null },
    ];
    const mentions = [mention(15, 29), mention(6, 7)];
    const lines = linesOf({ ...base, cues }, mentions);
    expect(whole({ ...base, cues }, mentions)).toBe(text);
    const marked = lines.flatMap((line) => line.pieces.filter((piece) => piece.mention).map((piece) => piece.text));
    expect(marked).toEqual(['😀', 'General Kenobi']);
    expect(lines.map((line) => line.speaker)).toEqual(['A', 'B']);
  });
});

describe('files and numbers', () => {
  it('quotes what CSV needs and defuses formulas', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,"y"\n', null],
          ['=1+1', -2],
          [true, { k: [1] }],
        ],
      ),
    ).toBe('a,b\r\n"x,""y""\n",\r\n\'=1+1,-2\r\ntrue,"{""k"":[1]}"\r\n');
  });

  it('never calls certain what is not', () => {
    expect([percent(1), percent(0.999), percent(0.001), percent(0), percent(null)]).toEqual([
      '100 %',
      '>99 %',
      '<1 %',
      '0 %',
      '–',
    ]);
    expect(time(3_723_400)).toBe('1:02:03');
  });
});

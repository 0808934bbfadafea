/** A document's text in lines as one reads it: by cue where it was spoken, else by paragraph; with its mentions. */

import type { Cue, Mention, WholeDocument } from '../api/types';
import { CodePoints } from '../text/code-points';

export interface Piece {
  text: string;
  mention: Mention | null;
}

export interface Line {
  start: number;
  start_ms: number | null;
  /** Who speaks, where it is another than in the line before. */
  speaker: string | null;
  pieces: Piece[];
}

const MERGED_MS = 20_000;

export function linesOf(document: WholeDocument, mentions: Mention[]): Line[] {
  const text = new CodePoints(document.text);
  const rows = apart([...mentions].sort((one, other) => one.start - other.start || other.end - one.end));
  const stretches = document.cues.length ? cues(document.cues, rows, text.length) : paragraphs(text);
  let next = 0;
  return stretches.map(({ start, end, start_ms, speaker }) => {
    const pieces: Piece[] = [];
    let at = start;
    while (next < rows.length && (rows[next]?.start ?? end) < end) {
      const mention = rows[next++];
      if (!mention || mention.start < at) continue;
      if (mention.start > at) pieces.push({ text: text.slice(at, mention.start), mention: null });
      pieces.push({ text: text.slice(mention.start, mention.end), mention });
      at = mention.end;
    }
    if (at < end) pieces.push({ text: text.slice(at, end), mention: null });
    return { start, start_ms, speaker, pieces };
  });
}

type Stretch = { start: number; end: number; start_ms: number | null; speaker: string | null };

/** Mentions of which one begins in another cannot both be marked: the one that begins first stays. */
function apart(rows: Mention[]): Mention[] {
  let end = -1;
  return rows.filter((row) => {
    if (row.start < end) return false;
    end = row.end;
    return true;
  });
}

/** Cues follow one another in a line as long as one person speaks, up to some seconds; a mention is never cut. */
function cues(rows: Cue[], mentions: Mention[], length: number): Stretch[] {
  const stretches: Stretch[] = [];
  let speaker: string | null = null;
  let crossing = 0;
  for (const cue of rows) {
    const last = stretches.at(-1);
    while (crossing < mentions.length && (mentions[crossing]?.end ?? 0) <= cue.start) crossing++;
    const cut = (mentions[crossing]?.start ?? length) < cue.start;
    const same = cue.speaker === speaker && cue.start_ms - (last?.start_ms ?? 0) < MERGED_MS;
    if (last && (same || cut)) {
      last.end = cue.end;
      continue;
    }
    if (last) last.end = Math.max(last.end, cue.start);
    stretches.push({
      start: last ? last.end : 0,
      end: cue.end,
      start_ms: cue.start_ms,
      speaker: cue.speaker === speaker ? null : cue.speaker,
    });
    speaker = cue.speaker;
  }
  const last = stretches.at(-1);
  if (last) last.end = length;
  return stretches;
}

function paragraphs(text: CodePoints): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  for (const part of text.text.split(/(?<=\n)(?=[^\n])/)) {
    const end = start + [...part].length;
    stretches.push({ start, end, start_ms: null, speaker: null });
    start = end;
  }
  return stretches;
}

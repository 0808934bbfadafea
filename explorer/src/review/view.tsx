import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Problem } from '../api/client';
import type { ToReview } from '../api/types';
import { asProblem, useAnswer } from '../api/use-answer';
import { canvas } from '../graph/use-canvas';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { Icon } from '../parts/icons';
import { Empty, ProblemNote, Waiting } from '../parts/notes';
import { may, useAbout } from '../shell/about';
import { say } from '../shell/announcer';
import { askForKey } from '../shell/key-dialog';
import { plural } from '../text/format';
import { ReviewItem } from './item';
import { type Choice, type Decided, decide, takeBack } from './queue';

const QUEUE = 100;

/** Mentions that wait for a person, the most doubtful first, one after the other. */
export function ReviewView({ state }: { state: State }) {
  const about = useAbout();
  const [round, setRound] = useState(0);
  const { value, problem, asking } = useAnswer(
    (signal) => get<{ mentions: ToReview[] }>('/review/queue', { limit: QUEUE }, signal),
    [round],
  );
  const [done, setDone] = useState<Decided[]>([]);
  const [failed, setFailed] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const rows = value?.mentions ?? [];
  const place = Math.max(
    rows.findIndex((row) => row.mention_id === state.mention),
    0,
  );
  const row = rows[place];

  const move = (step: number) => {
    const next = rows[Math.min(Math.max(place + step, 0), rows.length - 1)];
    if (next) go({ mention: next.mention_id, why: '' }, 'replace');
  };
  const act = async (work: () => Promise<string>) => {
    if (busy) return;
    setBusy(true);
    setFailed(null);
    try {
      const said = await work();
      say(said);
      canvas.reload();
      setRound((times) => times + 1);
    } catch (error) {
      setFailed(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (choice: Choice) => {
    if (!row) return;
    const needed = choice.kind === 'new' ? 'editor' : 'reviewer';
    if (!may(about, needed)) {
      askForKey(`This needs a key with the role ${needed}.`);
      return;
    }
    const next = rows[place + 1] ?? rows[place - 1];
    void act(async () => {
      const decided = await decide(row, choice);
      setDone((before) => [decided, ...before]);
      go({ mention: next?.mention_id ?? '', why: '' }, 'replace');
      return `“${row.surface}”: ${told(choice)}`;
    });
  };
  const undo = () => {
    const [last, ...others] = done;
    if (!last) return;
    void act(async () => {
      await takeBack(last);
      setDone(others);
      go({ mention: last.mention.mention_id }, 'replace');
      return `“${last.mention.surface}” is as it was`;
    });
  };

  const acts = useRef({ choose, undo, move });
  acts.current = { choose, undo, move };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === 'u') acts.current.undo();
      else if (event.key === 'j') acts.current.move(1);
      else if (event.key === 'k') acts.current.move(-1);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div class="page review" aria-busy={asking || busy}>
      <div class="page-head">
        <h1>Review</h1>
        {value && (
          <span class="count">
            {rows.length ? `${place + 1} of ${rows.length === QUEUE ? `${QUEUE}+` : rows.length}` : 'nothing waits'}
          </span>
        )}
        <div class="group push">
          <button
            type="button"
            disabled={place === 0}
            onClick={() => move(-1)}
            aria-label="Former mention (k)"
            class="tool"
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            disabled={place >= rows.length - 1}
            onClick={() => move(1)}
            aria-label="Next mention (j)"
            class="tool"
          >
            <Icon name="next" />
          </button>
          <button type="button" disabled={!done.length || busy} onClick={undo}>
            <Icon name="undo" />
            Undo<kbd>U</kbd>
          </button>
        </div>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {failed && <ProblemNote problem={failed} />}
      {!value && asking && <Waiting what="Loading the queue" />}
      {row && <ReviewItem key={row.mention_id} row={row} busy={busy} choose={choose} />}
      {value && !rows.length && <Empty>Nothing waits for a person. `kg resolve` fills the queue.</Empty>}
      {done.length > 0 && <DoneList done={done} />}
    </div>
  );
}

function DoneList({ done }: { done: Decided[] }) {
  return (
    <section class="section">
      <h2>
        Decided now <span class="count">{plural(done.length, 'mention')}</span>
      </h2>
      <ol class="history">
        {done.map((one) => (
          <li key={one.mention.mention_id}>
            <strong>{one.mention.surface}</strong>
            <span>{told(one.choice)}</span>
            <span class="faint">{one.mention.title || one.mention.doc_id}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function told(choice: Choice): string {
  if (choice.kind === 'entity') return `is ${choice.name}`;
  return choice.kind === 'nil' ? 'is not in the catalog' : `is new: ${choice.name}`;
}

/** Whether a key that is pressed here is text. */
export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { Problem } from './client';
import { onKey } from './key';

export interface Answer<T> {
  value: T | null;
  problem: Problem | null;
  asking: boolean;
}

/** Ask when the dependencies change, again when the key does; an answer that comes too late is dropped. */
export function useAnswer<T>(ask: ((signal: AbortSignal) => Promise<T>) | null, dependencies: unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: null, problem: null, asking: ask !== null });
  const [keyed, setKeyed] = useState(0);
  useEffect(() => onKey(() => setKeyed((times) => times + 1)), []);
  // before anybody can look: an answer is never said to be ready while another is already wanted
  useLayoutEffect(() => {
    if (!ask) {
      setAnswer({ value: null, problem: null, asking: false });
      return;
    }
    const late = new AbortController();
    setAnswer((before) => ({ ...before, problem: null, asking: true }));
    ask(late.signal).then(
      (value) => late.signal.aborted || setAnswer({ value, problem: null, asking: false }),
      (error: unknown) => late.signal.aborted || setAnswer({ value: null, problem: asProblem(error), asking: false }),
    );
    return () => late.abort();
  }, [...dependencies, keyed]);
  return answer;
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'Error', error instanceof Error ? error.message : String(error));
}

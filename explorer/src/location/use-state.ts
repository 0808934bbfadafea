import { useEffect, useState } from 'preact/hooks';
import { readState, type State, writeState } from './state';

const listeners = new Set<() => void>();
let shown = readState(location.hash);

function read(): void {
  shown = readState(location.hash);
  for (const tell of listeners) tell();
}

window.addEventListener('hashchange', read);
window.addEventListener('popstate', read);

export function current(): State {
  return shown;
}

/** Go to a state: what is not named stays. A step that is not worth going back to replaces the present one. */
export function go(changes: Partial<State>, how: 'step' | 'replace' = 'step'): void {
  const address = writeState({ ...shown, ...changes });
  if (address === location.hash) return;
  if (how === 'replace') history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  read();
}

/** The address of a state that differs from the present one, for a link. */
export function address(changes: Partial<State>): string {
  return writeState({ ...shown, ...changes });
}

export function usePlace(): State {
  const [state, setState] = useState(shown);
  useEffect(() => {
    const tell = () => setState(shown);
    tell();
    listeners.add(tell);
    return () => {
      listeners.delete(tell);
    };
  }, []);
  return state;
}

/** The key of the API: kept for this tab only, and never put into an address. */

const PLACE = 'kg-key';
const listeners = new Set<() => void>();

export function key(): string | null {
  return sessionStorage.getItem(PLACE);
}

export function keepKey(given: string | null): void {
  if (given) sessionStorage.setItem(PLACE, given);
  else sessionStorage.removeItem(PLACE);
  for (const tell of listeners) tell();
}

export function onKey(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

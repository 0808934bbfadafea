/** Light or dark: as the system says, until the reader says otherwise. */

import { useEffect, useState } from 'preact/hooks';

export type Theme = 'light' | 'dark';

const PLACE = 'kg-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function theme(): Theme {
  const chosen = localStorage.getItem(PLACE);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return dark.matches ? 'dark' : 'light';
}

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(PLACE, chosen);
  apply();
}

export function onTheme(tell: () => void): () => void {
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
  };
}

export function apply(): void {
  document.documentElement.dataset.theme = theme();
  for (const tell of listeners) tell();
}

dark.addEventListener('change', apply);

export function useTheme(): Theme {
  const [shown, setShown] = useState(theme());
  useEffect(() => onTheme(() => setShown(theme())), []);
  return shown;
}

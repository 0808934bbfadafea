/** Line icons of 24 units; each is decoration beside a name. */

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  key: 'M8 12a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 13l9-9M16 8l3 3',
  graph:
    'M12 5a2.500 2.500 0 1 0 0 .1M5 18a2.500 2.500 0 1 0 0 .1M19 17a2.500 2.500 0 1 0 0 .1M11 8l-4 8M13 8l4 7M8 18l8-1',
  review: 'M4 6h10M4 12h7M4 18h7M14 16l3 3 5-6',
  cypher: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13 5l-2 14',
  documents: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  dashboard: 'M4 20V10M10 20V4M16 20v-8M21 20H3',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  layout: 'M20 12a8 8 0 1 1-3-6.200M20 3v5h-5',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  export: 'M12 3v12M8 11l4 4 4-4M4 19h16',
  pin: 'M9 3h6l-1 6 4 4H6l4-4zM12 13v8',
  hide: 'M3 3l18 18M10 6a9 9 0 0 1 11 6 12 12 0 0 1-3 4M6 7a12 12 0 0 0-3 5 9 9 0 0 0 12 5',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  undo: 'M9 8H4V3M4 8a8.500 8.500 0 1 1-1 7',
  target: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 1v6M12 17v6M1 12h6M17 12h6',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** What the server says of itself: asked once, and again when the key changes. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { About, Role } from '../api/types';

const UNKNOWN: About = { version: '', entity_types: [], relation_types: [], ways: ['exact', 'fuzzy'], role: null };

export const AboutContext = createContext<About>(UNKNOWN);

export function useAbout(): About {
  return useContext(AboutContext);
}

const RANKS: Role[] = ['reader', 'reviewer', 'editor'];

export function may(about: About, role: Role): boolean {
  return about.role !== null && RANKS.indexOf(about.role) >= RANKS.indexOf(role);
}

/** A relation as it is read from one of its ends: "performed by" from the track, "performed" from the artist. */
export function relationName(about: About, relation: string, direction: string): string {
  if (direction !== 'in') return relation;
  return about.relation_types.find((type) => type.name === relation)?.inverse ?? relation;
}

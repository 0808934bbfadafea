/** The work of a reviewer: what waits, what was decided here, and how it is taken back. */

import { get, post } from '../api/client';
import type { ToReview, Why } from '../api/types';

export type Choice =
  | { kind: 'entity'; entity: string; name: string }
  | { kind: 'nil' }
  | { kind: 'new'; name: string; type: string };

export interface Decided {
  mention: ToReview;
  choice: Choice;
  /** Runs to take back, the last one first. */
  runs: { id: string; editor: boolean }[];
}

export async function decide(mention: ToReview, choice: Choice): Promise<Decided> {
  const entity = choice.kind === 'entity' ? choice.entity : null;
  const verdict = { mention: mention.mention_id, entity };
  const { run_id } = await post<{ run_id: string }>('/review/decisions', { verdicts: [verdict] });
  const runs = [{ id: run_id, editor: false }];
  if (choice.kind === 'new') {
    try {
      runs.unshift({ id: await promote(mention, choice), editor: true });
    } catch (error) {
      // half of it would be a decision that nobody made
      await post(`/review/decisions/${run_id}/undo`, null);
      throw error;
    }
  }
  return { mention, choice, runs };
}

export async function takeBack(decided: Decided): Promise<void> {
  for (const run of decided.runs)
    await post(run.editor ? `/runs/${run.id}/undo` : `/review/decisions/${run.id}/undo`, null);
}

/** What is unknown becomes an entity of the catalog, with all mentions that mean the same unknown thing. */
async function promote(mention: ToReview, choice: { name: string; type: string }): Promise<string> {
  const { decision } = await get<Why>('/mention/why', { mention: mention.mention_id });
  const { name, type } = choice;
  const made = await post<{ run_id: string }>('/entities/promote', {
    provisional_id: decision?.provisional_id,
    name,
    type: type || null,
  });
  return made.run_id;
}

import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/client';
import { askForKey } from '../shell/key-dialog';

export function Waiting({ what = 'Loading' }: { what?: string }) {
  return (
    <p class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      {what} …
    </p>
  );
}

export function ProblemNote({ problem }: { problem: Problem }) {
  const locked = problem.status === 401 || problem.status === 403;
  return (
    <div class="note problem" role="alert">
      <strong>{problem.title}</strong>
      {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
      {problem.nearest.length > 0 && <p>Nearest: {problem.nearest.join(', ')}</p>}
      {locked && (
        <button type="button" onClick={() => askForKey(problem.detail)}>
          Give a key
        </button>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Section({ title, count, children }: { title: string; count?: string; children: ComponentChildren }) {
  return (
    <section class="section">
      <h3>
        {title}
        {count !== undefined && <span class="count">{count}</span>}
      </h3>
      {children}
    </section>
  );
}

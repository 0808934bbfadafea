import { useState } from 'preact/hooks';
import { get, type Problem } from '../api/client';
import type { DocumentRow } from '../api/types';
import { asProblem, useAnswer } from '../api/use-answer';
import { address } from '../location/use-state';
import { Empty, ProblemNote, Waiting } from '../parts/notes';
import { Scroller } from '../parts/scroller';

const PAGE = 100;

interface Page {
  documents: DocumentRow[];
  next: string;
}

export function DocumentList() {
  const { value, problem, asking } = useAnswer((signal) => get<Page>('/documents', { limit: PAGE }, signal), []);
  const [more, setMore] = useState<Page | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const rows = [...(value?.documents ?? []), ...(more?.documents ?? [])];
  const next = (more ?? value)?.next;
  const load = async () => {
    try {
      const page = await get<Page>('/documents', { limit: PAGE, after: next });
      setMore({ documents: [...(more?.documents ?? []), ...page.documents], next: page.next });
    } catch (error) {
      setFailed(asProblem(error));
    }
  };
  return (
    <div class="page" aria-busy={asking}>
      <div class="page-head">
        <h1>Documents</h1>
        {value && <span class="count">{next ? `${rows.length}+` : rows.length}</span>}
      </div>
      {problem && <ProblemNote problem={problem} />}
      {failed && <ProblemNote problem={failed} />}
      {!value && asking && <Waiting />}
      {value && !rows.length && <Empty>There are no documents: `kg ingest documents` takes them in.</Empty>}
      {rows.length > 0 && (
        <Scroller label="Documents">
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">Title</th>
                <th scope="col">Kind</th>
                <th scope="col">Published</th>
                <th scope="col">Id</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <a href={address({ document: row.id, mention: '' })}>{row.title || row.id}</a>
                  </th>
                  <td>{row.kind}</td>
                  <td class="number">{row.published.slice(0, 10)}</td>
                  <td>
                    <code>{row.id}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      {next && (
        <button type="button" onClick={load}>
          More documents
        </button>
      )}
    </div>
  );
}

import { useState } from 'preact/hooks';
import { address } from '../location/use-state';
import { TypeName } from '../parts/badges';
import { Empty } from '../parts/notes';
import { Scroller } from '../parts/scroller';
import { number, plural } from '../text/format';
import type { Drawn } from './model';

const PAGE = 100;

/** What is on the canvas as a table: for reading, for a keyboard, and for a screen reader. */
export function GraphList({ graph, chosen }: { graph: Drawn; chosen: string }) {
  const [shown, setShown] = useState(PAGE);
  const rows = graph
    .filterNodes((_, { hidden }) => !hidden)
    .map((id) => ({ ...graph.getNodeAttribute(id, 'entity'), degree: graph.degree(id) }))
    .sort((one, other) => other.mentions - one.mentions || one.name.localeCompare(other.name));
  if (!rows.length) return <Empty>Nothing is shown.</Empty>;
  return (
    <Scroller label="Entities that are shown">
      <table class="rows">
        <caption class="sr">{plural(rows.length, 'entity', 'entities')}, those that texts speak of most first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col" class="right">
              Mentions
            </th>
            <th scope="col" class="right">
              Edges shown
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <tr key={row.id} class={row.id === chosen ? 'chosen' : ''}>
              <th scope="row">
                <a href={address({ entity: row.id, edge: '', why: '' })}>{row.name || row.id}</a>
              </th>
              <td>
                <TypeName type={row.type} />
              </td>
              <td class="right">{number(row.mentions)}</td>
              <td class="right">{number(row.degree)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, rows.length - shown)} more of {number(rows.length)}
        </button>
      )}
    </Scroller>
  );
}

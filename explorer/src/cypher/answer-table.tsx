import { useState } from 'preact/hooks';
import type { Json, Table } from '../api/types';
import { address } from '../location/use-state';
import { TypeDot } from '../parts/badges';
import { Scroller } from '../parts/scroller';
import { number, words } from '../text/format';

const PAGE = 200;

/** Rows of an answer; nodes lead to what they are. */
export function AnswerTable({ table }: { table: Table }) {
  const [shown, setShown] = useState(PAGE);
  return (
    <Scroller label="Rows of the answer">
      <table class="rows">
        <thead>
          <tr>
            {table.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, shown).map((row, line) => (
            <tr key={line}>
              {row.map((value, place) => (
                <td key={place} class={typeof value === 'number' ? 'right' : ''}>
                  <Cell value={value} column={table.columns[place] ?? ''} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > shown && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Show {number(Math.min(PAGE, table.rows.length - shown))} more of {number(table.rows.length)}
        </button>
      )}
    </Scroller>
  );
}

function Cell({ value, column }: { value: Json; column: string }) {
  if (value === null) return <span class="faint">null</span>;
  if (typeof value === 'number') return <>{Number.isInteger(value) ? number(value) : String(value)}</>;
  if (typeof value === 'string') {
    if (/^((entity|album|artist)_)?id$|^e\.id$/i.test(column))
      return <a href={address({ entity: value, edge: '', why: '' })}>{value}</a>;
    return <>{value}</>;
  }
  if (typeof value === 'boolean') return <>{String(value)}</>;
  if (Array.isArray(value))
    return (
      <span class="list">
        {value.map((item, place) => (
          <Cell key={place} value={item} column="" />
        ))}
      </span>
    );
  if (typeof value._label === 'string') return <Node value={value} label={value._label} />;
  if (typeof value._type === 'string') return <span class="edge-chip">{words(value._type)}</span>;
  return <code>{JSON.stringify(value)}</code>;
}

function Node({ value, label }: { value: Record<string, Json>; label: string }) {
  const id = String(value.id ?? '');
  const name = String(value.name || value.title || id);
  if (label === 'Document') return <a href={address({ view: 'documents', document: id, mention: '' })}>{name}</a>;
  if (label !== 'Entity') return <span>{name}</span>;
  return (
    <a class="node-chip" href={address({ entity: id, edge: '', why: '' })}>
      <TypeDot type={String(value.type ?? '')} />
      {name}
    </a>
  );
}

import type { Stats } from '../api/types';
import { number } from '../text/format';

export function Counts({ stats }: { stats: Stats }) {
  const { stored, nodes, index, waiting } = stats;
  const tiles: [string, number | undefined][] = [
    ['Entities', nodes.Entity],
    ['Records', nodes.Record],
    ['Documents', nodes.Document],
    ['Mentions', stored.mentions],
    ['In the index', index?.entities],
  ];
  const waits = [
    waiting?.documents_to_resolve
      ? `${number(Number(waiting.documents_to_resolve))} documents wait for kg resolve`
      : '',
    waiting?.catalog_to_refresh ? 'the catalog has changed since the index was made' : '',
    waiting?.records_to_compare ? 'records wait to be compared' : '',
    waiting?.files_not_whole ? `${number(Number(waiting.files_not_whole))} files were not taken in whole` : '',
  ].filter(Boolean);
  return (
    <>
      <dl class="tiles">
        {tiles.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{number(value)}</dd>
              </div>
            ),
        )}
      </dl>
      {waits.length > 0 && <p class="note">{waits.join('; ')}.</p>}
    </>
  );
}

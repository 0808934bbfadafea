import { post } from '../api/client';
import type { DrawnEdge, DrawnEntity, Subgraph, Table } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { edgeOf } from '../graph/use-canvas';
import { address } from '../location/use-state';
import { TypeName } from '../parts/badges';
import { Empty, ProblemNote, Section, Waiting } from '../parts/notes';
import { capital, number, plural, words } from '../text/format';

const TOGETHER =
  'MATCH (a:Entity {id: $a})<-[m:MENTIONS]-(d:Document)-[n:MENTIONS]->(b:Entity {id: $b}) ' +
  'RETURN d.id AS id, d.title AS title, m.count AS first, n.count AS second ORDER BY m.count + n.count DESC, id';
const DOCUMENTS = 50;

/** Why two entities are joined: who states it, and where texts speak of both. */
export function EdgePanel({ edge }: { edge: string }) {
  const [from, relation, to] = edgeOf(edge);
  const graph = useAnswer((signal) => post<Subgraph>('/graph/subgraph', { ids: [from, to] }, signal), [edge]);
  const documents = useAnswer(
    (signal) => post<Table>('/cypher', { query: TOGETHER, parameters: { a: from, b: to }, limit: DOCUMENTS }, signal),
    [edge],
  );
  if (graph.problem) return <ProblemNote problem={graph.problem} />;
  if (!graph.value) return <Waiting />;
  const ends = [from, to].map((id) => graph.value?.entities.find((entity) => entity.id === id));
  const told = graph.value.edges.filter((one) => one.from_id === from && one.to_id === to);
  const asked = told.find((one) => one.relation === relation);
  return (
    <div class="panel">
      <h2>{capital(words(relation))}</h2>
      <End entity={ends[0]} />
      <p class="joint">{words(relation)}</p>
      <End entity={ends[1]} />
      {asked ? <Evidence edge={asked} /> : <Empty>There is no such edge any more.</Empty>}
      {told.length > 1 && (
        <Section title="Also between them">
          <ul class="chips">
            {told
              .filter((one) => one.relation !== relation)
              .map((one) => (
                <li key={one.relation}>{words(one.relation)}</li>
              ))}
          </ul>
        </Section>
      )}
      {documents.problem && <ProblemNote problem={documents.problem} />}
      {documents.value && <Documents table={documents.value} />}
    </div>
  );
}

function End({ entity }: { entity: DrawnEntity | undefined }) {
  if (!entity) return <Empty>An entity that is not there any more.</Empty>;
  return (
    <p class="line end">
      <a href={address({ entity: entity.id, edge: '', why: '' })}>{entity.name}</a>
      <TypeName type={entity.type} />
    </p>
  );
}

function Evidence({ edge }: { edge: DrawnEdge }) {
  const { source, documents, npmi } = edge.properties;
  return (
    <Section title="Evidence">
      <dl class="facts">
        {typeof source === 'string' && (
          <>
            <dt>Stated by</dt>
            <dd>
              <ul class="chips">
                {source.split('|').map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {typeof documents === 'number' && (
          <>
            <dt>Documents</dt>
            <dd>{number(documents)} speak of both</dd>
          </>
        )}
        {typeof npmi === 'number' && (
          <>
            <dt>Association</dt>
            <dd>{npmi.toFixed(2)} (normalised pointwise mutual information; 0 is chance, 1 never apart)</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

function Documents({ table }: { table: Table }) {
  if (!table.rows.length) return <Empty>No document speaks of both.</Empty>;
  return (
    <Section title="Documents that speak of both" count={table.truncated ? `${DOCUMENTS}+` : String(table.rows.length)}>
      <ul class="documents-of">
        {table.rows.map(([id, title, first, second]) => (
          <li key={String(id)}>
            <a href={address({ view: 'documents', document: String(id), mention: '', why: '' })}>
              {String(title || id)}
            </a>
            <span class="count">{plural(Number(first) + Number(second), 'mention')}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

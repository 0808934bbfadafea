import { useEffect, useRef } from 'preact/hooks';
import { post } from '../api/client';
import type { Subgraph } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { Drawing } from '../graph/drawing';
import { Layout } from '../graph/layout';
import { newGraph, update } from '../graph/model';
import { edgeText } from '../graph/use-canvas';
import { go, usePlace } from '../location/use-state';
import { ProblemNote, Waiting } from '../parts/notes';
import { useTheme } from '../shell/theme';
import { plural } from '../text/format';

const ITERATIONS = 400;

/** The entities of an answer, with every edge between them. */
export function AnswerGraph({ ids }: { ids: string[] }) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const { entity } = usePlace();
  const theme = useTheme();
  const { value, problem } = useAnswer(
    (signal) => post<Subgraph>('/graph/subgraph', { ids }, signal),
    [ids.join('\n')],
  );
  useEffect(() => {
    if (!container.current || !value) return;
    const graph = newGraph();
    update(graph, value, new Map());
    const made = new Drawing(container.current, graph, {
      onNode: (id) => go({ entity: id, edge: '', why: '' }),
      onEdge: (key) => {
        const [from, relation, to] = JSON.parse(key) as [string, string, string];
        go({ edge: edgeText(from, relation, to), entity: '', why: '' });
      },
      onNothing: () => go({ entity: '', edge: '', why: '' }),
      onPin: () => {},
      onCamera: () => {},
    });
    drawing.current = made;
    const layout = new Layout(graph, () => {});
    layout.run(ITERATIONS);
    return () => {
      layout.stop();
      made.kill();
      drawing.current = null;
    };
  }, [value]);
  useEffect(() => drawing.current?.choose(entity), [entity, value]);
  useEffect(() => drawing.current?.recolour(), [theme]);
  if (problem) return <ProblemNote problem={problem} />;
  return (
    <>
      {!value && <Waiting />}
      <div
        ref={container}
        class="canvas answer"
        role="img"
        aria-label={
          value
            ? `${plural(value.entities.length, 'entity', 'entities')} of the answer and ${plural(value.edges.length, 'edge')} between them; the table has them too`
            : 'Graph of the answer'
        }
      />
    </>
  );
}

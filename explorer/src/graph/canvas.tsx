import { useEffect, useRef } from 'preact/hooks';
import type { CameraState } from 'sigma/types';
import { go } from '../location/use-state';
import { Drawing } from './drawing';
import { largest, nearest, type Way } from './nearest';
import type { Canvas } from './use-canvas';

const ARROWS: Record<string, Way> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

export interface CanvasProps {
  canvas: Canvas;
  onChoose(id: string): void;
  onHide(id: string): void;
  onPin(id: string): void;
  onExpand(id: string): void;
}

/** The drawing itself, for pointer and keyboard. What it shows is also there as a list. */
export function GraphCanvas({ canvas, ...acts }: CanvasProps) {
  const container = useRef<HTMLDivElement>(null);
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    if (!container.current) return;
    const drawing = new Drawing(container.current, canvas.graph, {
      onNode: (id) => latest.current.onChoose(id),
      onEdge: (key) => {
        const [from, relation, to] = JSON.parse(key) as [string, string, string];
        canvas.chooseEdge(from, relation, to);
      },
      onNothing: () => go({ entity: '', edge: '', why: '' }),
      onPin: (id) => latest.current.onPin(id),
      onCamera: later((camera) => canvas.keepCamera(camera), 250),
    });
    canvas.attach(drawing);
    return () => {
      canvas.attach(null);
      drawing.kill();
    };
  }, [canvas]);

  const onKeyDown = (event: KeyboardEvent) => {
    const { drawing, graph } = canvas;
    if (!drawing || event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = graph.hasNode(canvas.chosen) ? canvas.chosen : '';
    const way = ARROWS[event.key];
    if (way) {
      const found = chosen ? nearest(graph, drawing.sigma, chosen, way) : largest(graph);
      if (found) acts.onChoose(found);
    } else if (event.key === '+' || event.key === '=') drawing.zoom(true);
    else if (event.key === '-') drawing.zoom(false);
    else if (event.key === '0') drawing.fit();
    else if (event.key === 'Enter' && !chosen) acts.onChoose(largest(graph));
    else if (event.key === 'e' && chosen) acts.onExpand(chosen);
    else if (event.key === 'h' && chosen) acts.onHide(chosen);
    else if (event.key === 'p' && chosen) acts.onPin(chosen);
    else if (event.key === 'Escape') go({ entity: '', edge: '', why: '' });
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={container}
      class="canvas"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk over the graph
      tabIndex={0}
      aria-label="Graph. Arrow keys walk from entity to entity, E expands, H hides, P pins, plus and minus zoom, 0 shows all."
      aria-describedby="graph-said"
      data-testid="canvas"
      onKeyDown={onKeyDown}
    />
  );
}

function later(act: (camera: CameraState) => void, milliseconds: number): (camera: CameraState) => void {
  let timer = 0;
  return (camera) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => act(camera), milliseconds);
  };
}

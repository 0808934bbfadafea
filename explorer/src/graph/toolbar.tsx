import { useEffect, useRef } from 'preact/hooks';
import { download, text } from '../export/download';
import { edgesCsv, graphml, nodesCsv } from '../export/graph-files';
import { picture } from '../export/picture';
import { EMPTY } from '../location/recipe';
import type { State } from '../location/state';
import { go } from '../location/use-state';
import { Icon, type IconName } from '../parts/icons';
import { say } from '../shell/announcer';
import type { Canvas } from './use-canvas';

const TOPS = [120, 500, 2000, 5000];

export function Toolbar({ canvas, state, laying }: { canvas: Canvas; state: State; laying: boolean }) {
  const drawn = state.shape === 'drawing';
  return (
    <div class="toolbar" role="toolbar" aria-label="Graph">
      <label class="picker">
        <span class="sr">Begin with</span>
        <select
          value={String(state.recipe.top)}
          onChange={(event) =>
            go({ recipe: { ...EMPTY, top: Number(event.currentTarget.value) }, camera: '', entity: '', edge: '' })
          }
        >
          {!TOPS.includes(state.recipe.top) && <option value={String(state.recipe.top)}>Own selection</option>}
          {TOPS.map((top) => (
            <option key={top} value={String(top)}>
              Top {top}
            </option>
          ))}
        </select>
      </label>
      {drawn && (
        <div class="group">
          <Tool icon="plus" name="Zoom in" act={() => canvas.drawing?.zoom(true)} />
          <Tool icon="minus" name="Zoom out" act={() => canvas.drawing?.zoom(false)} />
          <Tool icon="fit" name="Show all" act={() => canvas.drawing?.fit()} />
          <Tool
            icon="layout"
            name={laying ? 'Stop the layout' : 'Lay out again'}
            pressed={laying}
            act={() => (laying ? canvas.stop() : canvas.layAgain())}
          />
        </div>
      )}
      <Tool
        icon={drawn ? 'list' : 'graph'}
        name={drawn ? 'Show as a list' : 'Show as a drawing'}
        act={() => go({ shape: drawn ? 'list' : 'drawing' })}
      />
      <ExportMenu canvas={canvas} drawn={drawn} />
    </div>
  );
}

function Tool({ icon, name, act, pressed }: { icon: IconName; name: string; act: () => void; pressed?: boolean }) {
  return (
    <button type="button" class={pressed ? 'tool on' : 'tool'} title={name} aria-label={name} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

function ExportMenu({ canvas, drawn }: { canvas: Canvas; drawn: boolean }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      if (!(event.target instanceof Node && menu.current?.contains(event.target)))
        menu.current?.removeAttribute('open');
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  const save = (name: string, made: () => Blob | Promise<Blob>) => async () => {
    menu.current?.removeAttribute('open');
    download(await made(), name);
    say(`${name} is saved`);
  };
  const { graph } = canvas;
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === 'Escape') menu.current?.removeAttribute('open');
      }}
    >
      <summary class="tool" title="Export what is shown" aria-label="Export what is shown">
        <Icon name="export" />
      </summary>
      <div class="choices">
        {drawn && (
          <button
            type="button"
            onClick={save('graph.png', async () => (canvas.drawing ? picture(canvas.drawing.sigma) : new Blob()))}
          >
            Picture (PNG)
          </button>
        )}
        <button type="button" onClick={save('graph.graphml', () => text(graphml(graph), 'application/graphml+xml'))}>
          GraphML
        </button>
        <button type="button" onClick={save('entities.csv', () => text(nodesCsv(graph), 'text/csv'))}>
          Entities (CSV)
        </button>
        <button type="button" onClick={save('edges.csv', () => text(edgesCsv(graph), 'text/csv'))}>
          Edges (CSV)
        </button>
      </div>
    </details>
  );
}

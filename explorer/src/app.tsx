import { useEffect } from 'preact/hooks';
import { get } from './api/client';
import type { About } from './api/types';
import { useAnswer } from './api/use-answer';
import { CypherView } from './cypher/view';
import { DashboardView } from './dashboard/view';
import { DocumentsView } from './document/view';
import { canvas } from './graph/use-canvas';
import { GraphView } from './graph/view';
import type { State } from './location/state';
import { usePlace } from './location/use-state';
import { ProblemNote } from './parts/notes';
import { ReviewView } from './review/view';
import { AboutContext, useAbout } from './shell/about';
import { Announcer } from './shell/announcer';
import { Header } from './shell/header';
import { KeyDialog } from './shell/key-dialog';
import { SidePanel } from './shell/side-panel';
import { useTheme } from './shell/theme';
import { capital } from './text/format';

export function App() {
  const state = usePlace();
  const theme = useTheme();
  const { value, problem } = useAnswer((signal) => get<About>('/about', {}, signal), []);
  const unknown = useAbout();
  useEffect(() => canvas.drawing?.recolour(), [theme]);
  useEffect(() => {
    document.title = `${capital(state.view)} – kg`;
  }, [state.view]);
  return (
    <AboutContext.Provider value={value ?? unknown}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Header state={state} />
      <div class={`body${state.why || state.edge || state.entity ? ' with-side' : ''}${state.why ? ' with-why' : ''}`}>
        <main id="main" tabIndex={-1}>
          {problem && <ProblemNote problem={problem} />}
          <Shown state={state} />
        </main>
        <SidePanel state={state} />
      </div>
      <KeyDialog />
      <Announcer />
    </AboutContext.Provider>
  );
}

function Shown({ state }: { state: State }) {
  switch (state.view) {
    case 'graph':
      return <GraphView state={state} />;
    case 'review':
      return <ReviewView state={state} />;
    case 'cypher':
      return <CypherView state={state} />;
    case 'documents':
      return <DocumentsView state={state} />;
    case 'dashboard':
      return <DashboardView state={state} />;
  }
}

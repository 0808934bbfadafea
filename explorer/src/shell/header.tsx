import type { Hit } from '../api/types';
import { EMPTY, withSeed } from '../location/recipe';
import { type State, VIEWS, type View } from '../location/state';
import { address, go } from '../location/use-state';
import { Icon } from '../parts/icons';
import { capital } from '../text/format';
import { useAbout } from './about';
import { EntitySearch } from './entity-search';
import { askForKey } from './key-dialog';
import { chooseTheme, useTheme } from './theme';

const AROUND = 5;

export function Header({ state }: { state: State }) {
  const about = useAbout();
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header class="header">
      <a class="brand" href="#/graph" aria-label="kg explorer, begin anew">
        <Mark />
        <span>kg</span>
      </a>
      <EntitySearch
        label="Search entities"
        text={state.search}
        type={state.type}
        onText={(search) => go({ search }, 'replace')}
        onType={(type) => go({ type }, 'replace')}
        onChoose={(hit) => open(state, hit)}
      />
      <nav class="views" aria-label="Views">
        {VIEWS.map((view) => (
          <a key={view} href={viewAddress(view)} aria-current={state.view === view ? 'page' : undefined}>
            <Icon name={view} />
            <span>{capital(view)}</span>
          </a>
        ))}
      </nav>
      <div class="group">
        <button
          type="button"
          class="tool"
          aria-label={about.role ? `Key with the role ${about.role}` : 'Give a key'}
          title={about.role ? `Key with the role ${about.role}` : 'Give a key'}
          onClick={() => askForKey()}
        >
          <Icon name="key" />
          {about.role && <span class="role">{about.role}</span>}
        </button>
        <button
          type="button"
          class="tool"
          aria-label={`Use the ${other} theme`}
          title={`Use the ${other} theme`}
          onClick={() => chooseTheme(other)}
        >
          <Icon name={other === 'dark' ? 'moon' : 'sun'} />
        </button>
      </div>
    </header>
  );
}

/** Draw what was found with its neighbours: beside what the reader chose before, instead of the overview. */
function open(state: State, hit: Hit): void {
  const recipe = withSeed(state.recipe.top ? EMPTY : state.recipe, hit.id, AROUND);
  go({ view: 'graph', entity: hit.id, why: '', edge: '', search: '', recipe, camera: '' });
}

function viewAddress(view: View): string {
  return address({ view, why: '', edge: '', search: '' });
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M9 22 16 9l8 11M9 22l15-2" />
      <circle cx="16" cy="9" r="4.5" class="one" />
      <circle cx="9" cy="22" r="4" class="two" />
      <circle cx="24" cy="20" r="4" class="three" />
    </svg>
  );
}

import type { State } from '../location/state';
import { DocumentList } from './list';
import { DocumentPage } from './page';

export function DocumentsView({ state }: { state: State }) {
  return state.document ? <DocumentPage key={state.document} id={state.document} state={state} /> : <DocumentList />;
}

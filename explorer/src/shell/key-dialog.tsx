import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/client';
import { keepKey, key } from '../api/key';
import type { About } from '../api/types';
import { asProblem } from '../api/use-answer';
import { Icon } from '../parts/icons';

let open: (why: string) => void = () => {};

/** Ask the reader for a key, saying what it is needed for. */
export function askForKey(why = ''): void {
  open(why);
}

export function KeyDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [why, setWhy] = useState('');
  const [said, setSaid] = useState('');
  useEffect(() => {
    open = (reason) => {
      setWhy(reason);
      setSaid('');
      dialog.current?.showModal();
      field.current?.focus();
    };
    return () => {
      open = () => {};
    };
  }, []);

  const close = () => dialog.current?.close();
  const keep = async (event: Event) => {
    event.preventDefault();
    const given = field.current?.value.trim() ?? '';
    const former = key();
    keepKey(given || null);
    try {
      const { role } = await get<About>('/about');
      if (given && !role) throw new Error('the key is not one of this server');
      close();
    } catch (error) {
      keepKey(former);
      setSaid(asProblem(error).message);
    }
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="key-title">
      <form onSubmit={keep}>
        <h2 id="key-title">Key of the server</h2>
        <p>
          Changes need a key, and so does reading a private server. <code>kg keys add NAME --role editor</code> makes
          one. It stays in this tab and is forgotten when the tab is closed.
        </p>
        {why && <p class="note">{why}</p>}
        <label>
          Key
          <input ref={field} name="key" type="password" autocomplete="off" spellcheck={false} placeholder="kg_…" />
        </label>
        {said && (
          <p class="note problem" role="alert">
            {said}
          </p>
        )}
        <div class="actions">
          {key() && (
            <button
              type="button"
              onClick={() => {
                keepKey(null);
                close();
              }}
            >
              Forget the key
            </button>
          )}
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Use it
          </button>
        </div>
      </form>
      <button type="button" class="tool corner" aria-label="Close" onClick={close}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}

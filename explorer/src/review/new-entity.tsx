import { useEffect, useRef, useState } from 'preact/hooks';
import type { ToReview } from '../api/types';
import { useAbout } from '../shell/about';
import { words } from '../text/format';
import type { Choice } from './queue';

/** The mention means something that the catalog lacks and shall have. */
export function NewEntity({ row, busy, choose }: { row: ToReview; busy: boolean; choose: (choice: Choice) => void }) {
  const about = useAbout();
  const [name, setName] = useState(row.surface);
  const [type, setType] = useState(row.type);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim()) choose({ kind: 'new', name: name.trim(), type });
  };
  return (
    <form class="form fields" onSubmit={submit}>
      <label>
        Name
        <input ref={field} name="name" required value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        Type
        <select name="type" value={type} onChange={(event) => setType(event.currentTarget.value)}>
          {!type && <option value="">as its mentions say</option>}
          {about.entity_types.map((one) => (
            <option key={one.name} value={one.name}>
              {words(one.name)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="primary" disabled={busy}>
        Make it
      </button>
    </form>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { EntitySearch } from '../shell/entity-search';
import type { Choice } from './queue';

/** Any entity of the catalog, found by its name. */
export function PickAnother({ surface, choose }: { surface: string; choose: (choice: Choice) => void }) {
  const [text, setText] = useState(surface);
  const [type, setType] = useState('');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('input')?.focus(), []);
  return (
    <div class="form" ref={box}>
      <EntitySearch
        label="Pick another entity"
        text={text}
        type={type}
        onText={setText}
        onType={setType}
        onChoose={(hit) => choose({ kind: 'entity', entity: hit.id, name: hit.name })}
      />
    </div>
  );
}

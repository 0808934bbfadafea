import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Hit, Way } from '../api/types';
import { useAnswer } from '../api/use-answer';
import { TypeName } from '../parts/badges';
import { Icon } from '../parts/icons';
import { percent, plural, words } from '../text/format';
import { useAbout } from './about';

const AFTER_MS = 120;
const HITS = 8;
/** Hits less like the text than this are shown only when nothing is more like it. */
const LIKE_ENOUGH = 0.3;

export interface EntitySearchProps {
  label: string;
  text: string;
  type: string;
  onText(text: string): void;
  onType(type: string): void;
  onChoose(hit: Hit): void;
}

/** A box that finds entities while one types, misspelt names too; a combobox as the ARIA practices have it. */
export function EntitySearch({ label, text, type, onText, onType, onChoose }: EntitySearchProps) {
  const about = useAbout();
  const id = useId();
  const [way, setWay] = useState<Way>('fuzzy');
  const [open, setOpen] = useState(false);
  const [row, setRow] = useState(0);
  const asked = useSettled(text.trim());
  const field = useRef<HTMLInputElement>(null);
  const { value, problem, asking } = useAnswer(
    asked ? (signal) => get<{ results: Hit[] }>('/entities', { q: asked, type, way, limit: HITS }, signal) : null,
    [asked, type, way],
  );
  const found = asked ? (value?.results ?? []) : [];
  const hits = found.filter((hit, place) => place === 0 || hit.score >= LIKE_ENOUGH);
  const shown = open && text.trim() !== '';
  useEffect(() => setRow(0), [value]);

  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    setOpen(false);
    onText('');
    onChoose(hit);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setRow(shown ? Math.min(row + 1, hits.length - 1) : row);
    else if (event.key === 'ArrowUp') setRow(Math.max(row - 1, 0));
    else if (event.key === 'Enter') choose(asked === text.trim() ? hits[row] : undefined);
    else if (event.key === 'Escape' && open) setOpen(false);
    else return;
    if (event.key.startsWith('Arrow')) setOpen(true);
    event.preventDefault();
  };
  const said = problem ? problem.message : asking ? 'Searching …' : hits.length ? '' : 'Nothing is like it.';
  return (
    <div
      class="search"
      role="search"
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOpen(false);
      }}
    >
      <Icon name="search" />
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={`${id}-hits`}
        aria-autocomplete="list"
        aria-activedescendant={shown && hits[row] ? `${id}-${row}` : undefined}
        placeholder={label}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setOpen(true);
          onText(event.currentTarget.value);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <select aria-label="Type of entity" value={type} onChange={(event) => onType(event.currentTarget.value)}>
        <option value="">any type</option>
        {about.entity_types.map(({ name }) => (
          <option key={name} value={name}>
            {words(name)}
          </option>
        ))}
      </select>
      <div class="hits" hidden={!shown}>
        <div role="listbox" id={`${id}-hits`} aria-label="Entities found">
          {hits.map((hit, place) => (
            <div
              key={hit.id}
              id={`${id}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={place === row}
              class="hit"
              onMouseDown={(event) => event.preventDefault()}
              onMouseEnter={() => setRow(place)}
              onClick={() => choose(hit)}
              onKeyDown={() => {}}
            >
              <span class="name">
                {hit.name}
                {hit.alias !== hit.name && <span class="alias">as “{hit.alias}”</span>}
              </span>
              <TypeName type={hit.type} />
              <span class="score">{percent(hit.score)}</span>
            </div>
          ))}
        </div>
        {said && <p class="empty">{said}</p>}
        {about.ways.includes('vector') && (
          <div class="ways" role="group" aria-label="Way to search">
            {(['fuzzy', 'exact', 'vector'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={way === one} onClick={() => setWay(one)}>
                {one === 'fuzzy' ? 'like it' : one === 'exact' ? 'exactly' : 'by meaning'}
              </button>
            ))}
          </div>
        )}
      </div>
      <span class="sr" role="status">
        {shown ? said || plural(hits.length, 'entity', 'entities') : ''}
      </span>
    </div>
  );
}

/** A text that has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

import type { EntityFacts, Json } from '../api/types';
import { Section } from '../parts/notes';
import { capital, percent, words } from '../text/format';

/** The entity's own values: other names, popularity, and whatever else its records state. */
export function Facts({ facts }: { facts: EntityFacts }) {
  const aliases = (facts.aliases ?? []).filter((alias) => alias !== facts.name);
  const others = Object.entries(facts.properties ?? {}).filter(([, value]) => value !== null && value !== '');
  if (!aliases.length && !others.length && facts.popularity === null) return null;
  return (
    <Section title="Facts">
      <dl class="facts">
        {aliases.length > 0 && (
          <>
            <dt>Also called</dt>
            <dd>
              <ul class="chips">
                {aliases.map((alias) => (
                  <li key={alias}>{alias}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {facts.popularity !== null && (
          <>
            <dt>Popularity</dt>
            <dd>{percent(facts.popularity)}</dd>
          </>
        )}
        {others.map(([name, value]) => (
          <Fact key={name} name={capital(words(name))} value={told(value)} />
        ))}
      </dl>
    </Section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function told(value: Json): string {
  if (Array.isArray(value)) return value.map(told).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

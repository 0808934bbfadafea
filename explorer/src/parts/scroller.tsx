import type { ComponentChildren } from 'preact';

/** A part that scrolls by itself, for the keyboard too. */
export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scroller" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

import type { ComponentChildren } from 'preact';

interface ScrollTableProps {
  readonly label: string;
  readonly class?: string;
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly foot?: ComponentChildren;
}

/** A table that scrolls by itself where it is wider than the page. */
export function ScrollTable({
  label,
  class: classes = '',
  head,
  children,
  foot,
}: ScrollTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table class={classes}>
        {head && (
          <thead>
            <tr>{head}</tr>
          </thead>
        )}
        <tbody>{children}</tbody>
      </table>
      {foot}
    </section>
  );
}

/** For the `head` of a `ScrollTable`. */
export function Columns({ names }: { names: readonly string[] }) {
  return names.map((name) => (
    <th key={name} scope="col">
      {name}
    </th>
  ));
}

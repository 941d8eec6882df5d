import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** What is behind a picture: made when a person opens it, since a table of each strip has thousands of elements. */
export function Details({
  summary,
  children,
}: {
  summary: string;
  children: () => ComponentChildren;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children()}
    </details>
  );
}

import type { ComponentType } from 'preact';
import { FileView } from './file-view.tsx';
import { FiringPage } from './firing-page.tsx';
import { FiringsList } from './firings-list.tsx';
import { LogView } from './log-view.tsx';
import { MessagesView } from './messages-view.tsx';
import { OverviewPage } from './overview-page.tsx';
import { QuestionPlace } from './question.tsx';
import { type Route, route } from './route.ts';

type View = readonly [
  href: string,
  text: string,
  Component: ComponentType<{ query: URLSearchParams }>,
];

const VIEWS: Readonly<Record<Exclude<Route['view'], 'firing'>, View>> = {
  overview: ['#/', 'Triggers', OverviewPage],
  firings: ['#/firings', 'Firings', FiringsList],
  log: ['#/log', 'Log', LogView],
  messages: ['#/messages', 'Messages', MessagesView],
  file: ['#/file', 'File', FileView],
};

/** The whole page: a head with the views, and the view that the address names. */
export function App() {
  const at = route.value;
  return (
    <>
      <header>
        <a class="brand" href="#/">
          run-test-trigger
        </a>
        <nav aria-label="Views">
          {Object.entries(VIEWS).map(([view, [href, text]]) => (
            <a key={view} href={href} aria-current={at.view === view ? 'page' : undefined}>
              {text}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <Shown at={at} />
      </main>
      <QuestionPlace />
    </>
  );
}

function Shown({ at }: { at: Route }) {
  if (at.view === 'firing') return <FiringPage key={at.id} id={at.id} />;
  const [, , Component] = VIEWS[at.view];
  return <Component query={at.query} />;
}

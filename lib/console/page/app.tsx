import { FileView } from './file-view.tsx';
import { FiringPage } from './firing-page.tsx';
import { FiringsList } from './firings-list.tsx';
import { LogView } from './log-view.tsx';
import { MessagesView } from './messages-view.tsx';
import { OverviewPage } from './overview-page.tsx';
import { QuestionPlace } from './question.tsx';
import { route } from './route.ts';

const VIEWS = [
  ['overview', '#/', 'Triggers'],
  ['firings', '#/firings', 'Firings'],
  ['log', '#/log', 'Log'],
  ['messages', '#/messages', 'Messages'],
  ['file', '#/file', 'File'],
] as const;

/** The whole page: a head with the views, and the view that the address names. */
export function App() {
  const at = route.value;
  const current = (view: string) => (at.view === view ? ('page' as const) : undefined);
  return (
    <>
      <header>
        <a class="brand" href="#/">
          run-test-trigger
        </a>
        <nav aria-label="Views">
          {VIEWS.map(([view, href, text]) => (
            <a key={view} href={href} aria-current={current(view)}>
              {text}
            </a>
          ))}
        </nav>
      </header>
      <main>
        {at.view === 'overview' && <OverviewPage query={at.query} />}
        {at.view === 'firings' && <FiringsList query={at.query} />}
        {at.view === 'log' && <LogView query={at.query} />}
        {at.view === 'file' && <FileView />}
        {at.view === 'messages' && <MessagesView />}
        {at.view === 'firing' && <FiringPage key={at.id} id={at.id} />}
      </main>
      <QuestionPlace />
    </>
  );
}

import { FiringPage } from './firing-page.tsx';
import { FiringsList } from './firings-list.tsx';
import { OverviewPage } from './overview-page.tsx';
import { QuestionPlace } from './question.tsx';
import { route } from './route.ts';

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
          <a href="#/" aria-current={current('overview')}>
            Triggers
          </a>
          <a href="#/firings" aria-current={current('firings')}>
            Firings
          </a>
        </nav>
      </header>
      <main>
        {at.view === 'overview' && <OverviewPage query={at.query} />}
        {at.view === 'firings' && <FiringsList query={at.query} />}
        {at.view === 'firing' && <FiringPage key={at.id} id={at.id} />}
      </main>
      <QuestionPlace />
    </>
  );
}

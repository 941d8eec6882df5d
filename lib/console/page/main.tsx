import { render } from 'preact';
import { App } from './app.tsx';
import { revision } from './loaded.tsx';
import { onChanges, takeKey } from './request.ts';

takeKey();
// A page without the key stays when the address with it is pasted into its tab: only what is behind the # has changed.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#key=')) location.reload();
});
render(<App />, document.body);
void onChanges(() => {
  revision.value += 1;
});

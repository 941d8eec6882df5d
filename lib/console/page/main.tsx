import { render } from 'preact';
import { takeKey } from './access.ts';
import { App } from './app.tsx';
import { revision } from './loaded.tsx';
import { onChanges } from './request.ts';

takeKey();
render(<App />, document.body);
void onChanges(() => {
  revision.value += 1;
});

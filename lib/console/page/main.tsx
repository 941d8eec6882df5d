import { render } from 'preact';
import { App } from './app.tsx';
import { revision } from './loaded.tsx';
import { onChanges, takeKey } from './request.ts';

takeKey();
render(<App />, document.body);
void onChanges(() => {
  revision.value += 1;
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { parseJson } from '../../lambda/api/json.ts';
import { InputError } from '../input-error.ts';
import { signerOf } from '../local/server/aws-service.ts';
import { readBody, sendJson } from '../local/server/http-server.ts';
import { awsFault } from '../target/aws-fault.ts';
import { ledgerOf } from '../target/ledger.ts';
import { readMessages } from '../target/messages.ts';
import type { Target } from '../target/target.ts';
import { act, actionSchema } from './act.ts';
import { BETWEEN_LOOKS_MS, changes } from './changes.ts';
import type { MessagesPage } from './console-data.ts';
import { readFiringView } from './firing-view.ts';
import { readFiringsPage } from './firings-page.ts';
import { readLogPage } from './log-page.ts';
import { readOverview } from './overview.ts';
import { readPageAssets } from './page-assets.ts';
import type { Source } from './source.ts';

/** The same for all requests to one console: it has one person, and `source` is one local run or stack. */
export interface ConsoleOptions {
  readonly source: Source;
  /** What every request for data and every action must bring: any user of this machine can reach the port. */
  readonly accessKey: string;
  /** Who acts, for the ledger. */
  person(): Promise<string>;
  now(): Date;
  /** Aborts when another console takes this one's place: an open page asks that one. */
  readonly replaced?: AbortSignal;
}

/** Answers a request, or says that it is not one for the console. */
export type ConsoleHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<'answered' | 'not-mine'>;

const MOST_MESSAGES = 50;
const BODY_LIMIT_BYTES = 10_000;

/** The page loads its own two files and reads its own address; nothing of another origin, and nothing inline. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>run-test-trigger</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_console/page.css">
<script type="module" src="/_console/page.js"></script>
</head>
<body><noscript>The console needs JavaScript. The command line shows the same: npx rtt history</noscript></body>
</html>
`;

/** Serves the page at `/`, and its files and data under `/_console/`. Behind the checks of `listenOnLoopback`. */
export async function serveConsole(options: ConsoleOptions): Promise<ConsoleHandler> {
  const { source, accessKey, now } = options;
  const { script, style } = await readPageAssets();
  const ledger = ledgerOf(source.target);
  let known: Promise<string> | undefined;
  const person = () => {
    known ??= options.person();
    return known;
  };
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html; charset=utf-8', DOCUMENT],
    '/_console/page.js': ['text/javascript; charset=utf-8', script],
    '/_console/page.css': ['text/css; charset=utf-8', style],
  };
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://console');
    if (pathname !== '/' && !pathname.startsWith('/_console/')) return 'not-mine';
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    const file = files[pathname];
    if (file) response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
    else await answerData(request, response, pathname, searchParams);
    return 'answered';
  };

  async function answerData(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    query: URLSearchParams,
  ): Promise<void> {
    if (signerOf(request.headers, [accessKey]) === undefined) {
      return sendJson(response, 401, { message: 'Open the address that the terminal has printed' });
    }
    try {
      if (pathname === '/_console/changes') return await announce(response);
      const found = await read(request, pathname, query);
      if (found === undefined) sendJson(response, 404, { message: 'Not Found' });
      else sendJson(response, 200, found);
    } catch (error) {
      if (response.headersSent) throw error;
      if (error instanceof InputError) {
        return sendJson(response, 400, { message: error.said(source.typed) });
      }
      const words = error instanceof Error ? error.message : String(error);
      sendJson(response, 502, { message: awsFault(error, source.typed) ?? words });
    }
  }

  /** What the path answers; undefined where there is nothing at it. */
  async function read(
    request: IncomingMessage,
    pathname: string,
    query: URLSearchParams,
  ): Promise<object | undefined> {
    const routes: Readonly<Record<string, () => object>> = {
      'GET /_console/overview': () => readOverview(query, source, ledger, now()),
      'GET /_console/firings': () => readFiringsPage(query, source, ledger),
      'GET /_console/firing': () => readFiringView(query.get('id') ?? '', source, ledger),
      'GET /_console/log': () => readLogPage(query, source, now()),
      'GET /_console/messages': () => readMessagesPage(source.target),
      'GET /_console/file': () => source.file(),
      'GET /_console/person': async () => ({ person: await person() }),
      'POST /_console/actions': async () => act(await readAction(request), source, await person()),
    };
    return routes[`${request.method} ${pathname}`]?.();
  }

  /** Server-sent events that say that something has changed, and nothing else. */
  async function announce(response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    options.replaced?.addEventListener('abort', () => gone.abort());
    const names = Object.keys((await source.describe()).config.triggers);
    const everyMs = BETWEEN_LOOKS_MS[source.target.kind];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: ready\n\n');
    for await (const _ of changes(names, ledger, { signal: gone.signal, everyMs })) {
      response.write('data: changed\n\n');
    }
    response.end();
  }
}

function readMessagesPage(target: Target): MessagesPage {
  const messages = readMessages(target)?.slice(0, MOST_MESSAGES);
  return messages ? { messages } : {};
}

async function readAction(request: IncomingMessage) {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  if (body === 'too-large') throw new InputError('The request is too large');
  const parsed = actionSchema.safeParse(parseJson(body.toString()));
  if (parsed.success) return parsed.data;
  throw new InputError(z.prettifyError(parsed.error));
}

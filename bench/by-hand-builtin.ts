import { handlerOn } from './sent-by-hand.ts';

const isSecure = process.env.API_BASE_URL?.startsWith('https:');

/** By hand, with `node:http` as the bundles have it: without the undici that an import of it loads. */
export const handler = handlerOn(
  isSecure ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http'),
);

import { handlerOn } from './sent-by-hand.ts';

/** By hand, with `node:http` as the bundles have it: without the undici that an import of it loads. */
export const handler = handlerOn(process.getBuiltinModule('node:http'));

/**
 * Stands in for `node:http` in the bundles (lib/stack/build-function.ts). An import of `node:http` evaluates all its
 * exports, and the getter of `WebSocket` among them loads undici: that takes more than 20 ms of a cold start
 * (npm run bench -- cold-start: by hand, `node:http`). Only what the bundles use is named; esbuild reports what is missing.
 */
export const { Agent, request, STATUS_CODES } = process.getBuiltinModule('node:http');

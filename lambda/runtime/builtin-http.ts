/**
 * Stands in for `node:http` in the bundles (an alias in lib/stack/function-bundle.ts). An ES module import of
 * `node:http` evaluates all its exports, and the getter of `WebSocket` among them loads undici: 25 ms of a cold
 * start for nothing. Only what the bundles use is named; esbuild reports what is missing.
 */
export const { Agent, request, STATUS_CODES } = process.getBuiltinModule('node:http');

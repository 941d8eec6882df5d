/**
 * Stands in for `node:http` in the bundles (lib/stack/function-bundle.ts). An import of `node:http` evaluates all its
 * exports, and the getter of `WebSocket` among them loads undici: a cold start takes 225 ms with it and 201 ms
 * without (npm run bench, medians of 61). Only what the bundles use is named; esbuild reports what is missing.
 */
const http = process.getBuiltinModule('node:http');
export const { Agent, request, STATUS_CODES } = http;
// biome-ignore lint/style/noDefaultExport: the AWS SDK imports the default export of node:http.
export default http;

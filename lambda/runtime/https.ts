/** `node:https`, from its first use on: a local run, whose services speak http, is 10 ms quicker without it. */
export function https(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}

/**
 * How the API is spoken to. `documented`: Bearer key, camelCase, `selectAll` honoured. `current`: header pair,
 * strict snake_case, `select_all` without effect. `key-pair`: header pair and both spellings at first, for a server
 * whose casing is not known; what it refuses is left out after.
 */
export type Dialect = 'documented' | 'key-pair' | 'current';

/** How field names of an execute body are spelt; a server may refuse one of them as unknown, or want both. */
export type Casing = 'camelCase' | 'snake_case' | 'both';

const FIELDS = {
  camelCase: ['selectAll', 'scenarioIds', 'simulatorId'],
  snake_case: ['select_all', 'scenario_ids', 'simulator_id'],
} as const;

/** How a dialect writes a body to a server that has not complained yet. */
export function firstCasing(dialect: Dialect): Casing {
  return ({ documented: 'camelCase', 'key-pair': 'both', current: 'snake_case' } as const)[dialect];
}

/**
 * Whether a selection can be sent as configured. Every server behind a key pair may take `scenarioIds` for an
 * inclusion list, whatever the flag says; so does every server that speaks snake_case.
 */
export function honoursSelectAll(dialect: Dialect, casing: Casing): boolean {
  return dialect === 'documented' && casing === 'camelCase';
}

/** What is left to try when a server does not know these fields of a body; undefined when they were not ours. */
export function otherCasing(sent: Casing, unknownFields: readonly string[]) {
  if (unknownFields.length === 0) return undefined;
  const refused = (casing: keyof typeof FIELDS) =>
    sent !== (casing === 'camelCase' ? 'snake_case' : 'camelCase') &&
    unknownFields.every((field) => FIELDS[casing].some((own) => own === field));
  if (refused('camelCase')) return 'snake_case';
  return refused('snake_case') ? 'camelCase' : undefined;
}

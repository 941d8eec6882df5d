/** Why the API refused, and what a person does about it: a sentence each. */
export interface Remedy {
  readonly cause: string;
  readonly remedy: string;
}

interface Row extends Remedy {
  readonly status: number | readonly [from: number, to: number];
  /** What the API's own words must match; absent, any. */
  readonly words?: RegExp;
}

/** From an answer to its cause; the first row that fits (Future AGI API, "Execute run test", errors). */
const ROWS: readonly Row[] = [
  {
    status: [300, 399],
    cause: 'The server answered with a redirect, which would turn the request into another one.',
    remedy: 'Check api.baseUrl in triggers.yaml: the server answered with a redirect.',
  },
  {
    status: 400,
    words: /unknown field/i,
    cause: 'The server does not know the fields of the request.',
    remedy: 'Set api.dialect in triggers.yaml to what this server speaks.',
  },
  {
    status: 400,
    words: /scenarios? incomplete|scenarios? (is|are) (not complete|incomplete)/i,
    cause:
      'A scenario of the run test is incomplete: it has no rows yet, or is still being generated.',
    remedy: 'Complete or remove that scenario in Future AGI, then retry the firing.',
  },
  {
    status: 400,
    words: /at least one scenario|no scenarios found/i,
    cause: 'The run test has none of the selected scenarios.',
    remedy: 'Attach scenarios to the run test, or correct execute in triggers.yaml.',
  },
  {
    status: 400,
    words: /not ready/i,
    cause: 'The run test’s configuration is not complete.',
    remedy: 'Open the run test in Future AGI, complete it, then retry the firing.',
  },
  {
    status: 400,
    cause: 'The server found a fault in the request or in the run test.',
    remedy:
      'Open the run test in Future AGI, complete what the message names, then retry the firing.',
  },
  {
    status: 401,
    cause: 'The key is invalid, or it is of the kind that this server does not take.',
    remedy:
      'Set a valid API key{how} (a key pair needs both halves; where a single key is refused, the server may want a pair, and the other way round).',
  },
  {
    status: 402,
    words: /voice/i,
    cause: 'Voice simulations are not in this workspace’s plan or deployment.',
    remedy: 'The workspace’s plan does not include voice calls: change the plan or the test.',
  },
  {
    status: 402,
    cause: 'The workspace’s plan does not include these calls.',
    remedy:
      'The workspace’s plan does not include this run test’s calls: change the plan or the test.',
  },
  {
    status: 403,
    words: /plan|upgrade|subscription|entitle/i,
    cause: 'The workspace’s plan does not allow this.',
    remedy:
      'The workspace’s plan does not include this run test’s calls: change the plan or the test.',
  },
  {
    status: 403,
    cause: 'The key’s user may read the workspace but not start anything in it.',
    remedy: 'Give the API key’s user write access to the run test’s workspace.',
  },
  {
    status: 404,
    words: /organi[sz]ation/i,
    cause: 'The key’s user belongs to no organization.',
    remedy: 'Create a new API key as a member of the run test’s organization.',
  },
  {
    status: 404,
    words: /no readable message/i,
    cause:
      'The path does not exist on this server: it is not the Future AGI API, or only a part of it.',
    remedy:
      'Check api.baseUrl and runTestId in triggers.yaml: the answer does not come from the Future AGI API.',
  },
  {
    status: 404,
    cause: 'The run test was deleted, or belongs to another workspace than the key.',
    remedy: 'Check runTestId in triggers.yaml: no such run test is visible to this API key.',
  },
  {
    status: 429,
    cause: 'The server takes no more requests for the time being.',
    remedy: 'Try again in a minute.',
  },
  {
    status: [500, 599],
    cause: 'The server failed, or the proxy in front of it.',
    remedy: 'Try again later; if it goes on, check api.baseUrl in triggers.yaml.',
  },
];

const OTHER: Remedy = {
  cause: 'The server does not take execute requests at this address.',
  remedy: 'Check api.baseUrl in triggers.yaml: this server does not offer the execute request.',
};

/**
 * What a refusal means, by its status and the API's own words.
 * @param setKey how a person replaces the key, where that is known.
 */
export function remedyFor(status: number, words = '', setKey?: string): Remedy {
  const found = ROWS.find((row) => covers(row, status) && (row.words?.test(words) ?? true));
  if (!found) return OTHER;
  const how = setKey === undefined ? ' in FI_API_KEY, or in its secret' : `: ${setKey}`;
  return { cause: found.cause, remedy: found.remedy.replace('{how}', how) };
}

function covers({ status: covered }: Row, status: number): boolean {
  return typeof covered === 'number'
    ? covered === status
    : covered[0] <= status && status <= covered[1];
}

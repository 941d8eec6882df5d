import * as z from 'zod';
import type { ApiKey } from '../../lambda/api/api-key.ts';
import type { Exchange, ExchangeLimits } from '../../lambda/api/exchange.ts';
import { executeRequest, send } from '../../lambda/api/future-agi.ts';
import { parseJson } from '../../lambda/api/json.ts';
import { apiMessage, NO_MESSAGE } from '../../lambda/api/outcome.ts';
import { remedyFor } from '../../lambda/api/remedy.ts';

/** What a server makes of one form of credentials and of the fields of an execute request. */
export type Probe =
  | {
      readonly kind: 'answers';
      /** `unclear`: it looked for the run test before it looked at the fields. */
      readonly fields: 'camelCase' | 'snake_case' | 'unclear';
    }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly message: string;
      readonly cause: string;
      readonly remedy: string;
    }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** No server has this run test, so there is nothing that a request for it could start. */
const NOBODYS_RUN_TEST = '00000000-0000-4000-8000-000000000000';
/** Both casings, each with a value that no server accepts: the complaint shows which one the server reads. */
const UNACCEPTABLE = { scenarioIds: 0, scenario_ids: 0 };

/** Asks a server what it understands, without starting anything. Never rejects. */
export async function probeServer(baseUrl: string, key: ApiKey, limits: ExchangeLimits) {
  const request = executeRequest(baseUrl, NOBODYS_RUN_TEST, UNACCEPTABLE, key);
  return read(await send(request, key, limits));
}

const UNCLEAR: Probe = { kind: 'answers', fields: 'unclear' };

const errorSchema = z.object({ details: z.record(z.string(), z.unknown()) });

function read(answer: Exchange): Probe {
  if (answer.kind === 'broken') return { kind: 'unreachable', reason: answer.reason };
  const { status } = answer;
  const message = apiMessage(answer);
  const isOfTheApi = message !== NO_MESSAGE;
  if (status === 404 && isOfTheApi) return UNCLEAR;
  if (status !== 400) return { kind: 'refused', status, message, ...remedyFor(status, message) };
  const { data } = errorSchema.safeParse(parseJson(answer.body));
  return data ? fieldsIn(data.details) : UNCLEAR;
}

function fieldsIn(details: Readonly<Record<string, unknown>>): Probe {
  const isUnknown = (field: string) => [details[field]].flat().includes('Unknown field.');
  const knows = (field: string) => field in details && !isUnknown(field);
  const strict = isUnknown('scenarioIds') !== isUnknown('scenario_ids');
  if (strict ? isUnknown('scenarioIds') : knows('scenario_ids') && !knows('scenarioIds')) {
    return { kind: 'answers', fields: 'snake_case' };
  }
  if (strict || (knows('scenarioIds') && !knows('scenario_ids'))) {
    return { kind: 'answers', fields: 'camelCase' };
  }
  return UNCLEAR;
}

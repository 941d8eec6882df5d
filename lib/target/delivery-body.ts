import { parseJson } from '../../lambda/api/json.ts';
import type { TimeFormat, Webhook } from '../../lambda/firing/trigger.ts';
import { InputError } from '../input-error.ts';

interface Facts {
  readonly id: string;
  readonly now: Date;
}

/**
 * The body of a delivery: what a person gave, or an empty object, with the time of signing where this sender writes it
 * there, and with the delivery's id where there is none yet.
 */
export function deliveryBody(webhook: Webhook, given: string | undefined, facts: Facts): string {
  const { idField, timeField } = fieldsOf(webhook);
  if (timeField === undefined) {
    if (given !== undefined) return given;
    return JSON.stringify(idField === undefined ? {} : withField({}, idField, facts.id));
  }
  const time = timeAs(timeField.format, facts.now);
  const number = timeField.format === 'iso' ? time : Number(time);
  const content = withField(readObject(given ?? '{}'), timeField.field, number);
  const lacksId = given === undefined && idField !== undefined;
  return JSON.stringify(lacksId ? withField(content, idField, facts.id) : content);
}

/** Seconds (the default, rounded down) and milliseconds count from 1970; `iso` is in UTC. */
export function timeAs(format: TimeFormat = 'seconds', now: Date): string {
  if (format === 'iso') return now.toISOString();
  const milliseconds = now.getTime();
  return String(format === 'seconds' ? Math.floor(milliseconds / 1000) : milliseconds);
}

function fieldsOf(webhook: Webhook) {
  const idField =
    webhook.verify === 'hmac' || webhook.verify === 'bearer' ? webhook.idField : undefined;
  const timestamp = webhook.verify === 'hmac' ? webhook.timestamp : undefined;
  return { idField, timeField: timestamp && 'field' in timestamp ? timestamp : undefined };
}

function readObject(text: string): object {
  const content = parseJson(text);
  if (typeof content === 'object' && content !== null) return content;
  throw new InputError('This sender writes the time into the body, so it must be a JSON object');
}

function withField(content: object, path: string, value: unknown): object {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...content, [name]: value };
  const inner: unknown = Object.entries(content).find(([key]) => key === name)?.[1];
  const holder = typeof inner === 'object' && inner !== null ? inner : {};
  return { ...content, [name]: withField(holder, rest.join('.'), value) };
}

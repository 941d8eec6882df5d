import type { Comparison } from '../views/comparison.ts';
import { ENTITIES } from './html.ts';
import type { TestCase } from './test-cases.ts';

/** What all formats of `--report` are written from; names and values are text for people. */
export interface ReportedRun {
  readonly trigger: string;
  readonly cases: readonly TestCase[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** With what was expected and with the runs before it; absent where they cannot be read. */
  readonly comparison?: Comparison | undefined;
}

/** JUnit's XML as Jenkins (junit-10.xsd of its xUnit plugin) and GitLab read it: one suite for the trigger. Pure. */
export function junit({ trigger, cases, facts }: ReportedRun): string {
  const count = (outcome: TestCase['outcome']) =>
    cases.filter((each) => each.outcome === outcome).length;
  const seconds = cases.reduce((sum, { seconds: each = 0 }) => sum + each, 0);
  const counts = { tests: cases.length, failures: count('failed'), errors: count('error') };
  const time = seconds.toFixed(3);
  const suite = { name: trigger, ...counts, skipped: count('skipped'), time };
  const properties = facts.map(
    ([name, value]) => `      <property${attributes({ name, value })}/>\n`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites${attributes({ name: 'run-test-trigger', ...counts, time })}>\n`,
    `  <testsuite${attributes(suite)}>\n`,
    `    <properties>\n${properties.join('')}    </properties>\n`,
    ...cases.map((each) => testCase(trigger, each)),
    '  </testsuite>\n</testsuites>\n',
  ].join('');
}

function testCase(trigger: string, { name, outcome, message = '', seconds = 0 }: TestCase): string {
  const head = `    <testcase${attributes({ name, classname: trigger, time: seconds.toFixed(3) })}`;
  if (outcome === 'passed') return `${head}/>\n`;
  const element = outcome === 'failed' ? 'failure' : outcome;
  const [first = ''] = message.split('\n');
  const told = `<${element}${attributes({ message: first })}>${escaped(message)}</${element}>`;
  return `${head}>\n      ${told}\n    </testcase>\n`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

/** XML 1.0 has no way to write most control characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\n]/g, (found) => ENTITIES[found] ?? '&#10;');
}

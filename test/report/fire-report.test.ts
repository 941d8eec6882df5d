import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import { readReports, reportedRun, writeReports } from '../../lib/cli/fire-report.ts';
import { markdown } from '../../lib/report/markdown.ts';
import { testCasesOf } from '../../lib/report/test-cases.ts';
import { NIGHTLY } from '../support/fixture.ts';

const START = new Date('2026-11-24T02:00:00Z');
const EXPECT = { minSuccessRate: 90, maxFailedCalls: 3, minEvaluation: { 'Tone <check>': 80 } };
const OPEN = newFiring(
  { trigger: 'nightly', cause: { kind: 'command', requestId: '1' }, at: START },
  { ...NIGHTLY, expect: EXPECT },
  START,
);
const { nextCheckAt: _, ...over } = OPEN;
const EXECUTION = { id: '5ea60ff5-ee73-4770-a373-6a8dce3e55ae', status: 'completed' };
const FAILED: Firing = {
  ...over,
  runTestId: NIGHTLY.runTestId ?? '',
  state: 'completed',
  sentAt: START.toISOString(),
  attempts: [{ sentAt: START.toISOString(), outcome: 'started' }],
  execution: EXECUTION,
  result: {
    verdict: 'failed',
    reasons: ['8 of 10 calls completed (80 %), at least 90 % wanted.', 'Second & "last".'],
    status: 'completed',
    finishedAt: '2026-11-24T02:10:00Z',
    durationSeconds: 600,
    totalCalls: 10,
    completedCalls: 8,
    failedCalls: 2,
    successRate: 80,
    evaluations: [
      { name: 'Tone <check>', score: 85, scored: 8 },
      { name: 'Latency', score: 40, scored: 8 },
    ],
  },
};
const scratch = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function reported(firing: Firing) {
  return reportedRun({
    trigger: 'nightly',
    dashboard: { apiBaseUrl: 'https://api.example.com' },
    firing,
  });
}

function outcomes(firing: Firing | undefined, fault?: string) {
  return testCasesOf(firing, fault).map(({ name, outcome }) => `${name}: ${outcome}`);
}

test('each expectation and evaluation is a case of its own', () => {
  expect(outcomes(FAILED)).toEqual([
    'verdict: failed',
    'at least 90 % of the calls complete: failed',
    'at most 3 calls fail: passed',
    'evaluation Tone <check>: at least 80: passed',
    'evaluation Latency: passed',
  ]);
});

test.each<[string, Firing | undefined, string, string]>([
  ['skipped', { ...over, state: 'skipped', reason: 'paused' }, 'skipped', 'paused'],
  ['not over', OPEN, 'error', 'Not over yet; what has started goes on.'],
  ['not to be seen', undefined, 'error', 'Rate exceeded'],
])('a firing that is %s is no pass', (_name, firing, outcome, message) => {
  const [verdict] = testCasesOf(firing, 'Rate exceeded');
  expect(verdict).toMatchObject({ outcome, message: expect.stringContaining(message) });
});

test('the files hold the same cases', () => {
  const file = (name: string) => join(scratch, name);
  const files = readReports(
    `junit=${file('a.xml')},markdown=${file('a.md')},json=${file('a.json')}`,
  );
  writeReports(files, reported(FAILED));
  const xml = readFileSync(file('a.xml'), 'utf8');
  expect(xml).toMatchSnapshot();
  expect(readFileSync(file('a.md'), 'utf8')).toMatchSnapshot();
  expect(JSON.parse(readFileSync(file('a.json'), 'utf8')).cases).toHaveLength(5);
});

/**
 * The schema of Jenkins' JUnit reports, with its license; GitLab reads a part of it. Its later versions allow
 * `message` in `skipped`.
 */
const SCHEMA = readFileSync(
  new URL('../fixtures/jenkins-junit.xsd', import.meta.url),
  'utf8',
).replace(
  '<xs:element name="skipped" type="xs:string"/>',
  '<xs:element name="skipped"><xs:complexType mixed="true"><xs:attribute name="message" type="xs:string"/></xs:complexType></xs:element>',
);

test('the XML is valid by the schema, which refuses what it does not know', async () => {
  const skipped: Firing = { ...over, state: 'skipped', reason: 'a \u0000 "<b>" & c' };
  const xml = Object.entries({ failed: FAILED, skipped }).flatMap(([name, firing]) => {
    const file = join(scratch, name);
    writeReports({ junit: file }, reported(firing));
    const contents = readFileSync(file, 'utf8');
    const wrong = contents.replace('<testcase ', '<testcase cost="1" ');
    return [
      { fileName: name, contents },
      { fileName: `${name}-wrong`, contents: wrong },
    ];
  });
  const { errors } = await validateXML({ xml, schema: [SCHEMA] });
  // Of a file, one error without a place says that there are others.
  const places = errors.flatMap(({ loc }) => loc?.fileName ?? []);
  expect(places).toEqual(['failed-wrong', 'skipped-wrong']);
});

test('a summary stays below what GitHub takes, and says what it leaves out', () => {
  const long = { name: 'long', outcome: 'failed', message: 'x'.repeat(400_000) } as const;
  const text = markdown({ trigger: 'nightly', facts: [], cases: [long, long, long] });
  expect(text.length).toBeLessThan(1_000_000);
  expect(text.endsWith('\n1 further lines do not fit.\n')).toBe(true);
});

test.each(['junit', 'xml=a', 'junit=a,junit=b', 'github,github'])(
  '--report %s is refused',
  (text) => {
    expect(() => readReports(text)).toThrow('It must be like junit=FILE');
  },
);

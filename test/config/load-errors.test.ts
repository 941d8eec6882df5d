import { expect, test } from 'vitest';
import { load, said, withLines } from './temporary-file.ts';

test.each([
  [
    'an empty file',
    '',
    'triggers.yaml:1:1 error the file is empty; it needs at least api and triggers',
  ],
  ['a list', '- 1', 'triggers.yaml:1:1 error must be a map of keys and values, not a list'],
  [
    'no triggers',
    'api: { secret: key }\ntriggers: {}',
    'triggers.yaml:2:1 error triggers: is empty; add a trigger',
  ],
  [
    'a long text that would steer the terminal',
    `api: "\\e[2Jred${'x'.repeat(100)}"\ntriggers: { a: 1 }`,
    `triggers.yaml:1:6 error api: must be a map of keys and values, not the text "\\x1b[2Jred${'x'.repeat(73)}…"\ntriggers.yaml:2:16 error triggers.a: must be a map of keys and values, not the number 1`,
  ],
  [
    '__proto__ as a name',
    'api: { secret: key }\ntriggers: { __proto__: {} }',
    'triggers.yaml:2:13 error triggers.__proto__: cannot be a key',
  ],
  [
    'names that differ in dashes',
    'api: { secret: key }\ntriggers:\n  a-b: &x {}\n  ab: {}\n'.replace('&x ', ''),
    'triggers.yaml:4:3 error triggers.ab: differs from "a-b" only in dashes, which CloudFormation drops; choose another name',
  ],
  [
    'a secret used twice',
    withLines().replace('secret: hook', 'secret: key'),
    'triggers.yaml:6:51 error triggers.nightly.webhook.secret: is also the secret of api; each needs its own',
  ],
  [
    'two schedules at the same times',
    withLines('schedules:', '  - { cron: 0 2 * * 1-5 }', '  - { cron: 0 2 ? * MON-FRI * }'),
    'triggers.yaml:9:9 error triggers.nightly.schedules[1]: fires at the same times as schedules[0] and would start a second execution; remove one of the two',
  ],
  [
    'two schedules of one name',
    withLines('schedules:', '  - { name: a, cron: 0 2 * * ? * }', '  - { name: a, rate: 1 day }'),
    'triggers.yaml:9:9 error triggers.nightly.schedules[1]: has the name of schedules[0], "a"; give it a name of its own',
  ],
  [
    'two schedules with one expression and zone, for different times of the year',
    withLines(
      'schedules:',
      '  - { cron: 0 2 * * ? *, end: 2027-03-01T00:00:00Z }',
      '  - { cron: 0 2 * * ? *, start: 2027-09-01T00:00:00Z }',
    ),
    'triggers.yaml:9:9 error triggers.nightly.schedules[1]: has the name of schedules[0], "cron-53823304"; give it a name of its own',
  ],
  [
    'a name that no schedule can have',
    withLines('schedules:', '  - { name: Every night, cron: 0 2 * * ? * }'),
    'triggers.yaml:8:17 error triggers.nightly.schedules[0].name: "Every night" cannot be the name of a schedule; allowed: 1-23 lower-case letters, digits and single dashes, beginning with a letter',
  ],
  [
    'a trigger renamed from one that is still there',
    withLines('renamedFrom: nightly'),
    'triggers.yaml:7:18 error triggers.nightly.renamedFrom: "nightly" is still a trigger of this file; remove that one or this key',
  ],
  [
    'two triggers renamed from one',
    `${withLines('renamedFrom: nights')}  weekly: { runTestId: 3c90c3cc-0d44-4b50-8888-8dd25736052a, execute: { selectAll: true }, renamedFrom: nights }\n`,
    'error triggers.weekly.renamedFrom: is also that of "nightly"; only one trigger can go on with the pause and budget of "nights"',
  ],
  [
    'a trigger renamed from what is no name',
    withLines('renamedFrom: Every night'),
    'triggers.yaml:7:18 error triggers.nightly.renamedFrom: "Every night" cannot be the name of a trigger; allowed: 1-40 lower-case letters, digits and single dashes, beginning with a letter',
  ],
  [
    'an address that is none',
    `notify: { email: [qa@example] }\n${withLines()}`,
    'triggers.yaml:1:19 error notify.email[0]: "qa@example" is not an e-mail address; write it as team@example.com',
  ],
  [
    'an address twice',
    `notify: { email: [qa@example.com, QA@example.com] }\n${withLines()}`,
    'triggers.yaml:1:35 error notify.email[1]: is already in the list; remove it',
  ],
  [
    'a kind of event that there is not',
    `notify: { on: [fail] }\n${withLines()}`,
    'triggers.yaml:1:16 error notify.on[0]: "fail" is not allowed - did you mean "failed"?',
  ],
  [
    'a key of notify that there is not',
    `notify: { emails: [] }\n${withLines()}`,
    'triggers.yaml:1:11 error notify.emails: is not a known key - did you mean "email"?',
  ],
  [
    'a place inside quotes',
    withLines('schedules:', '  - cron: "0 25 * * ? *"'),
    'triggers.yaml:8:18 error triggers.nightly.schedules[0].cron: hours: "25" is out of range; allowed: 0-23 with , - * /',
  ],
  [
    'a window of two days',
    withLines('schedules:', '  - { cron: 0 2 * * *, flexibleWindow: 2 days }'),
    'triggers.yaml:8:44 error triggers.nightly.schedules[0].flexibleWindow: "2 days" is out of range; allowed: 1 minute to 1 day',
  ],
  [
    'an unknown zone',
    withLines('schedules:', '  - { cron: 0 2 * * *, timezone: europe/berlin }'),
    'triggers.yaml:8:38 error triggers.nightly.schedules[0].timezone: "europe/berlin" is not an IANA time zone - did you mean "Europe/Berlin"?',
  ],
  [
    'an abbreviation of a zone',
    withLines('schedules:', '  - { cron: 0 2 * * *, timezone: PST }'),
    'triggers.yaml:8:38 error triggers.nightly.schedules[0].timezone: "PST" is not an IANA time zone; allowed: UTC or a name such as Europe/Berlin',
  ],
  [
    'resend after the deadline',
    withLines('onUnknown: resend', 'unknownGrace: 15 minutes'),
    'triggers.yaml:7:16 error triggers.nightly.onUnknown: resend could never happen, because startDeadline ends before unknownGrace; make startDeadline longer than unknownGrace',
  ],
  [
    'an unknown overlap',
    withLines('overlap: queue'),
    'triggers.yaml:7:14 error triggers.nightly.overlap: "queue" is not allowed; allowed: skip, buffer-one, cancel-other, allow',
  ],
  [
    'an empty budget',
    withLines('budget: {}'),
    'triggers.yaml:7:5 error triggers.nightly.budget: has no limit; write at least one of perDay, perMonth, scenariosPerDay, scenariosPerMonth',
  ],
  [
    'a budget of nothing',
    withLines('budget: { perDay: 0 }'),
    'triggers.yaml:7:23 error triggers.nightly.budget.perDay: is out of range; allowed: at least 1',
  ],
  [
    'a second try of calls',
    withLines('retryFailed: { of: calls }'),
    'triggers.yaml:7:24 error triggers.nightly.retryFailed.of: must be scenarios: a call that is run again belongs to the same execution and has no id to find it by, so a lost answer could not be told from a run that never began',
  ],
  [
    'a pause after none',
    withLines('pauseAfterRejected: 0'),
    'triggers.yaml:7:25 error triggers.nightly.pauseAfterRejected: is out of range; allowed: at least 1',
  ],
  [
    'a wrong policy in defaults',
    `${withLines()}defaults: { overlap: skp, startDeadline: 2 days }\n`,
    'triggers.yaml:7:22 error defaults.overlap: "skp" is not allowed - did you mean "skip"?\ntriggers.yaml:7:42 error defaults.startDeadline: "2 days" is out of range; allowed: 1 minute to 6 hours',
  ],
  [
    'a start deadline that Lambda would not keep',
    withLines('startDeadline: 361 minutes'),
    'triggers.yaml:7:20 error triggers.nightly.startDeadline: "361 minutes" is out of range; allowed: 1 minute to 6 hours',
  ],
  [
    'an unknown dialect',
    withLines().replace('{ secret', '{ dialect: bearer, secret'),
    'triggers.yaml:1:17 error api.dialect: "bearer" is not allowed; allowed: documented, key-pair, current',
  ],
  [
    'a run test by id and by name',
    withLines('runTest: Checkout'),
    'triggers.yaml:7:14 error triggers.nightly.runTest: is written beside runTestId; write exactly one of the two',
  ],
  [
    'a run test by neither',
    withLines().replace(/ {4}runTestId.*\n/, ''),
    'triggers.yaml:3:3 error triggers.nightly.runTestId: is missing; write the run test’s id here, or its name as runTest',
  ],
  [
    'a name with white space around it',
    withLines('runTest: " Checkout"'),
    'triggers.yaml:7:14 error triggers.nightly.runTest: " Checkout" cannot be a name at the API; allowed: 1-255 characters without white space at either end',
  ],
  [
    'scenarios by id and by name',
    withLines().replace(
      'selectAll: true',
      'selectAll: true, scenarioIds: [3c90c3cc-0d44-4b50-8888-8dd25736052a], scenarios: [Beta]',
    ),
    'triggers.yaml:5:86 error triggers.nightly.execute.scenarios: is written beside scenarioIds; write either names or ids',
  ],
  [
    'a choice of no scenario by name',
    withLines().replace('selectAll: true', 'selectAll: false, scenarios: []'),
    'triggers.yaml:5:5 error triggers.nightly.execute.scenarioIds: is empty with selectAll: false, and the API runs every scenario when it gets no id; name the scenarios, or write selectAll: true to run all',
  ],
  [
    'a list whose items a merge key took away',
    withLines().replace('selectAll: true', 'selectAll: false, scenarioIds: , "<<": 1'),
    'triggers.yaml:5:34 error triggers.nightly.execute.scenarioIds: has no value; it must be a list',
  ],
  [
    'a list instead of an execute request',
    withLines().replace('{ selectAll: true }', '[selectAll]'),
    'triggers.yaml:5:5 error triggers.nightly.execute: must be a map of keys and values, not a list',
  ],
  [
    'an unknown zone beside a local time',
    withLines('schedules:', '  - { at: 2027-03-28T02:30:00, timezone: Europe/Berlim }'),
    'triggers.yaml:8:46 error triggers.nightly.schedules[0].timezone: "Europe/Berlim" is not an IANA time zone - did you mean "Europe/Berlin"?',
  ],
  [
    'a start that the clocks skip, beside an end without a value',
    withLines(
      'schedules:',
      '  - { rate: 1 hour, start: 2027-03-28T02:30:00, end: , timezone: Europe/Berlin }',
    ),
    'triggers.yaml:8:32 error triggers.nightly.schedules[0].start: 2027-03-28T02:30:00 does not exist in Europe/Berlin: the clocks skip it',
  ],
  [
    'a partial ARN',
    withLines().replace('secret: key', 'secret: arn:aws:secretsmanager:eu-central-1:1:secret:key'),
    'triggers.yaml:1:16 error api.secret: "arn:aws:secretsmanager:eu-central-1:1:secret:key" is not the full ARN of a secret; allowed: arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>',
  ],
])('%s is an error', (_, text, expected) => {
  const result = load(text);
  expect(said(result)).toContain(`${expected}\n`);
  expect(result.ok).toBe(false);
});

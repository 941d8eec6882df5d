import { expect, test } from 'vitest';
import { load, withLines } from './temporary-file.ts';

test('the flexible window in defaults is that of schedules that name none', () => {
  const schedules =
    '[{ cron: "0 2 * * *" }, { cron: "0 3 * * *", flexibleWindow: none }, { cron: "0 4 * * *", flexibleWindow: 5 minutes }]';
  const result = load(
    `${withLines(`schedules: ${schedules}`)}defaults: { flexibleWindow: 30 minutes }\n`,
  );
  const found = result.ok ? result.config.triggers.nightly?.schedules : result.problems;
  expect(found).toMatchObject([
    { flexibleWindowMinutes: 30 },
    { flexibleWindowMinutes: 0 },
    { flexibleWindowMinutes: 5 },
  ]);
});

test('policies in defaults apply where a trigger says nothing', () => {
  const defaults =
    'defaults: { overlap: allow, startDeadline: 1 hour, onUnknown: resend, unknownGrace: 20 minutes, onMismatch: cancel, pauseAfterRejected: 3 }';
  const text = `${withLines('overlap: buffer-one', 'budget: { perDay: 20, perMonth: 300 }')}${defaults}\nbudget: { scenariosPerDay: 50 }\n`;
  const result = load(text);
  expect(result).toMatchObject({
    ok: true,
    config: {
      timezone: 'UTC',
      budget: { scenariosPerDay: 50 },
      triggers: {
        nightly: {
          overlap: 'buffer-one',
          budget: { perDay: 20, perMonth: 300 },
          startDeadlineMinutes: 60,
          onUnknown: 'resend',
          unknownGraceMinutes: 20,
          onMismatch: 'cancel',
          pauseAfterRejected: 3,
        },
      },
    },
  });
});

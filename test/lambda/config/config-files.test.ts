import { expect, test } from 'vitest';
import { configFiles, deployedIn, openConfigFiles } from '../../../lambda/config/config-files.ts';
import type { DeployedConfig } from '../../../lambda/config/deployed-config.ts';
import { SETTINGS } from '../../support/config-of.ts';
import { NIGHTLY } from '../../support/fixture.ts';

function configWith(count: number): DeployedConfig {
  const names = Array.from({ length: count }, (_, index) => `trigger-${index}`);
  return {
    ...SETTINGS,
    triggers: Object.fromEntries(names.map((name) => [name, NIGHTLY])),
    notifyOf: { 'trigger-7': { channels: ['team'] } },
  };
}

/** The files of a configuration, and those that were read. */
function written(config: DeployedConfig) {
  const files = configFiles(config);
  const read: string[] = [];
  const opened = openConfigFiles((file) => {
    read.push(file);
    const text = files.get(file);
    if (text === undefined) throw new Error(`There is no ${file}`);
    return text;
  });
  return { files, read, opened };
}

test('one trigger is found in two files, read once each', () => {
  const { read, opened } = written(configWith(10_000));
  for (const _ of ['first', 'again']) {
    expect(opened.named(['trigger-7', undefined])).toEqual({
      triggers: { 'trigger-7': NIGHTLY },
      notifyOf: { 'trigger-7': { channels: ['team'] } },
    });
  }
  expect(read).toEqual(['triggers.json', 'triggers-203.json']);
});

test('with 10,000 triggers no file is long', () => {
  const { files } = written(configWith(10_000));
  const sizes = [...files.values()].map((text) => text.length);
  expect(files.size).toBe(257);
  expect(files.get('triggers.json')?.length).toBeLessThan(8_000);
  expect(Math.max(...sizes)).toBeLessThan(30_000);
});

test.each([0, 1, 300])('%i triggers are the same when they are read', (count) => {
  const config = configWith(count);
  const { opened } = written(config);
  expect(deployedIn(opened)).toEqual({ ...config, notifyOf: count > 7 ? config.notifyOf : {} });
});

test.each(['constructor', '__proto__', 'toString'])('no trigger is called %s', (name) => {
  expect(written(configWith(300)).opened.named([name])).toEqual({ triggers: {}, notifyOf: {} });
});

test('the index tells which triggers were renamed, and one with a webhook', () => {
  const { webhook: _, ...plain } = NIGHTLY;
  const triggers = { a: { ...plain, renamedFrom: 'b' }, c: NIGHTLY, d: NIGHTLY };
  expect(written({ ...configWith(0), triggers }).opened.index).toMatchObject({
    renamed: { a: { renamedFrom: 'b' } },
    anyWebhook: 'c',
  });
});

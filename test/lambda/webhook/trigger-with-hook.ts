import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { load, withLines } from '../../config/temporary-file.ts';

const known = new Map<string, Trigger>();

/** The trigger of a sound file whose webhook has these settings, as it loads; nothing it fires waits or is followed. */
export function triggerWithHook(settings: string): Trigger {
  const before = known.get(settings);
  if (before) return before;
  const loaded = load(withLines().replace('verify: standard-webhooks, secret: hook', settings));
  const nightly = loaded.ok ? loaded.config.triggers.nightly : undefined;
  if (!nightly) throw new Error(JSON.stringify(loaded));
  const trigger: Trigger = { ...nightly, overlap: 'allow', follow: false };
  known.set(settings, trigger);
  return trigger;
}

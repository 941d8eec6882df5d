import type { Firing } from '../../lambda/firing/firing.ts';
import { firingFacts } from '../views/firing-facts.ts';
import { firingTimeline } from '../views/firing-timeline.ts';
import { nextStep } from '../views/next-step.ts';
import { formatNext } from './fire-result.ts';
import { coloredHeadline } from './firing-style.ts';
import type { Style } from './style.ts';
import { details, table } from './table.ts';
import { dateTime, oneLine, ownZone } from './text.ts';

interface Shown {
  readonly link: string | undefined;
  readonly typed: (words: string) => string;
}

/** Everything that the ledger knows of a firing, and what comes next, for a person. */
export function formatFiring(firing: Firing, { link, typed }: Shown, style: Style): string {
  const zone = ownZone();
  const zones = [...new Set([zone, 'UTC'])];
  const times = firingTimeline(firing).map(({ at, what }) => [
    ...zones.map((each) => dateTime(at, each, true)),
    oneLine(what),
  ]);
  const next = nextStep(firing, link);
  return [
    `${coloredHeadline(firing, style)}\n`,
    details([...firingFacts(firing), ['link', link]], style),
    next ? formatNext({ ...next, commands: next.commands.map(typed) }, style) : '',
    `\n${table([...zones, 'WHAT'], times, style)}`,
  ].join('');
}

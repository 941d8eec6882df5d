import type { FiringRow } from '../console-data.ts';
import { Mark } from './mark.tsx';
import { firingLink } from './route.ts';
import { ownZone, timeIn } from './times.ts';

const PLACES = 30;

/** The last firings of a trigger, oldest first, one mark each; the same stands in the table below it. */
export function Strip({ firings }: { firings: readonly FiringRow[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="strip" role="group" aria-label="Last firings">
      {Array.from({ length: PLACES - firings.length }, (_, place) => (
        <span key={place} class="empty-place" />
      ))}
      {firings.map((firing) => (
        <a
          key={firing.id}
          href={firingLink(firing.id)}
          aria-label={labelOf(firing)}
          title={labelOf(firing)}
        >
          <Mark firing={firing} />
        </a>
      ))}
    </div>
  );
}

function labelOf({ due, headline, reason }: FiringRow): string {
  return `${timeIn(due, ownZone)}: ${headline}${reason === undefined ? '' : `. ${reason}`}`;
}

const WIDTH = 140;
const HEIGHT = 30;
const EDGE = 4;

/** Success rates of the runs that tell one, oldest first, from 0 to 100 %. */
export function Trend({ firings }: { firings: readonly FiringRow[] }) {
  const rates = firings.flatMap(({ successRate }) => successRate ?? []);
  const last = rates.at(-1);
  if (last === undefined) return <span class="dim">no run yet</span>;
  const step = (WIDTH - 2 * EDGE) / Math.max(1, rates.length - 1);
  const points = rates.map((rate, index) => {
    const x = rates.length === 1 ? WIDTH - EDGE : EDGE + index * step;
    return [x, HEIGHT - EDGE - (rate / 100) * (HEIGHT - 2 * EDGE)] as const;
  });
  const [x, y] = points.at(-1) ?? [0, 0];
  const label = `Success rate of the last ${rates.length} runs: from ${rates[0]} % to ${last} %`;
  return (
    <span class="trend">
      <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
        <path class="full" d={`M0 ${EDGE} H${WIDTH}`} />
        <path class="base" d={`M0 ${HEIGHT - EDGE} H${WIDTH}`} />
        <polyline points={points.map((point) => point.join(',')).join(' ')} />
        <circle cx={x} cy={y} r="2.5" />
      </svg>
      <b>{last} %</b>
    </span>
  );
}

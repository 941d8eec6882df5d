import type { Trend } from '../console-data.ts';

/** More stand in the table. */
const MOST_LINES = 3;

const WIDTH = 100;
const HEIGHT = 24;
const EDGE = 3;
/** A line shows at least so many points, so that little noise looks like little. */
const LEAST_SPAN = 20;

/** The trends of a trigger, one line each; the same stands in the table below it. */
export function TrendLines({ trends }: { trends: readonly Trend[] }) {
  if (trends.length === 0) return <p class="dim trends">no run yet</p>;
  const more = trends.length - MOST_LINES;
  return (
    <ul class="trends">
      {trends.slice(0, MOST_LINES).map((trend) => (
        <li key={trend.name} class={trend.fell === undefined ? '' : 'fell'}>
          <Line trend={trend} />
          <b>{trend.values.at(-1)} %</b>
          <bdi class="dim" title={trend.name}>
            {trend.name}
          </bdi>
          {trend.fell !== undefined && (
            <strong class="bad" title={fallOf(trend.fell)}>
              <span aria-hidden="true">▼ {trend.fell}</span>
              <span class="unseen">{fallOf(trend.fell)}</span>
            </strong>
          )}
        </li>
      ))}
      {more > 0 && <li class="dim">and {more} more in the table</li>}
    </ul>
  );
}

function Line({ trend: { name, values, fell } }: { trend: Trend }) {
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  const top = Math.min(100, Math.max(...values, LEAST_SPAN));
  const span = Math.max(LEAST_SPAN, top - Math.min(...values));
  const points = values.map((value, index) => {
    const x = values.length === 1 ? WIDTH - EDGE : EDGE + index * step;
    return [x, EDGE + ((top - value) / span) * (HEIGHT - 2 * EDGE)] as const;
  });
  const [x, y] = points.at(-1) ?? [0, 0];
  const change = fell === undefined ? '' : `, ${fallOf(fell)}`;
  const label = `${name} of the last ${values.length} runs: from ${values[0]} % to ${values.at(-1)} %${change}`;
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <path d={`M0 ${EDGE} H${WIDTH} M0 ${HEIGHT - EDGE} H${WIDTH}`} />
      <polyline points={points.map((point) => point.map(Math.round).join()).join(' ')} />
      <circle cx={x} cy={y} r="2.5" />
    </svg>
  );
}

function fallOf(points: number): string {
  return `the last runs are worse by ${points} points`;
}

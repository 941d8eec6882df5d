import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { triggerStats } from '../views/trigger-stats.ts';
import { chart, type Series } from './chart.ts';
import { html } from './html.ts';

/** A trigger with its firings of the report's period. */
export interface ReportedTrigger {
  readonly trigger: string;
  /** Newest first, as the ledger lists them. */
  readonly firings: readonly ListedFiring[];
}

/** When the report begins and ends, and the zone of its times. */
export interface ReportedTime {
  readonly from: Date;
  readonly to: Date;
  readonly zone: string;
}

/** One page for people without access to AWS: no script, no request, and it can be printed. Pure. */
export function htmlReport(triggers: readonly ReportedTrigger[], time: ReportedTime): string {
  const { from, to, zone } = time;
  // One for all: making it takes as long as hundreds of uses.
  const times = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const period = `${times.format(from)} to ${times.format(to)} (${zone})`;
  const sections = triggers.map((each) => section(each, times));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Test runs</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Test runs</h1>
${html`<p>${period}</p>`}
${triggers.length > 1 ? summary(triggers) : ''}
${sections.join('\n')}
</body>
</html>
`;
}

function summary(triggers: readonly ReportedTrigger[]): string {
  const rows = triggers.map((each) => {
    const { runs, passed, failed, spend } = totalsOf(each);
    return html`<tr><th>${each.trigger}</th><td>${runs}</td><td>${passed}</td><td>${failed}</td><td>${spend}</td></tr>`;
  });
  return `<table><thead><tr><th>Trigger</th><th>Runs</th><th>Passed</th><th>Failed</th><th>Spend</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function section(reported: ReportedTrigger, times: Intl.DateTimeFormat): string {
  const { trigger, firings } = reported;
  const { runs, passed, failed, spend } = totalsOf(reported);
  const rows = firings.map((firing) => row(firing, times));
  const heading = html`<h2>${trigger}</h2><p>${runs} runs: ${passed} passed, ${failed} failed. Spend: ${spend}.</p>`;
  if (firings.length === 0) return `<section>${heading}</section>`;
  const head = ['When', 'Cause', 'Result', 'Calls', 'Success', 'Minutes', 'USD', 'Why'];
  return `<section>${heading}${charts(firings)}<table><thead><tr>${head.map((each) => html`<th>${each}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

/** The API tells what calls cost only where they were read: of runs that did not pass, or are compared. */
function totalsOf({ trigger, firings }: ReportedTrigger) {
  const counted = triggerStats(trigger);
  for (const firing of firings) counted.add(firing);
  const { runs, verdicts, cost } = counted.stats();
  const told = cost?.runs === runs ? '' : ` (told by ${cost?.runs} of ${runs} runs)`;
  const spend = cost ? `${(cost.cents / 100).toFixed(2)} USD${told}` : 'not told';
  return { runs, passed: verdicts.passed, failed: verdicts.failed, spend };
}

function charts(firings: readonly ListedFiring[]): string {
  const results = firings.flatMap(({ result }) => result ?? []).toReversed();
  if (results.length === 0) return '';
  const names = new Set(
    results.flatMap(({ evaluations = [] }) => evaluations.map(({ name }) => name)),
  );
  const evaluations: Series[] = [...names].map((name) => ({
    name,
    values: results.map((result) => result.evaluations?.find((each) => each.name === name)?.score),
  }));
  const minutes = results.map(({ durationSeconds }) =>
    durationSeconds === undefined ? undefined : durationSeconds / 60,
  );
  const longest = Math.max(1, ...minutes.flatMap((each) => each ?? []));
  const rates = { name: 'success rate', values: results.map(({ successRate }) => successRate) };
  return [
    chart('Success rate', [rates], 100, '%'),
    ...(evaluations.length > 0 ? [chart('Evaluations', evaluations, 100, 'of 100')] : []),
    chart('Duration', [{ name: 'duration', values: minutes }], longest, 'minutes'),
  ].join('');
}

function row(
  { recordedAt, cause, state, result, reason }: ListedFiring,
  times: Intl.DateTimeFormat,
): string {
  const word = result?.verdict ?? state;
  const {
    totalCalls,
    completedCalls = '?',
    successRate,
    durationSeconds,
    costCents,
  } = result ?? {};
  const cells = [
    times.format(new Date(recordedAt)),
    cause.kind,
    word,
    totalCalls === undefined ? '' : `${completedCalls}/${totalCalls}`,
    successRate === undefined ? '' : `${successRate} %`,
    durationSeconds === undefined ? '' : (durationSeconds / 60).toFixed(1),
    costCents === undefined ? '' : (costCents / 100).toFixed(2),
    result?.reasons.join(' ') || (reason ?? ''),
  ];
  return `<tr class="${word}">${cells.map((each) => html`<td>${each}</td>`).join('')}</tr>`;
}

const STYLE = `
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1c2024; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0; break-inside: avoid; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; }
svg text { font-size: 11px; fill: #60646c; }
.grid { stroke: #d9d9e0; }
.legend span { margin-right: 1.2rem; }
.legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 50%; print-color-adjust: exact; }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; font-size: 13px; }
th, td { padding: .3rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid #d9d9e0; overflow-wrap: anywhere; }
thead { display: table-header-group; }
td:first-child { white-space: nowrap; }
tr { break-inside: avoid; }
tr.passed td:nth-child(3) { color: #18794e; }
tr.failed td:nth-child(3), tr.rejected td:nth-child(3) { color: #c4213d; font-weight: 600; }
@media print { body { margin: 0; max-width: none; } section + section { break-before: page; } }
`;

import type { ComponentChildren } from 'preact';
import type { Overview, TriggerRow, TriggerState } from '../console-data.ts';
import { FireButton, PauseButton, TestButton } from './actions.tsx';
import { Details } from './details.tsx';
import { Field } from './filter.tsx';
import { FiringsTable } from './firings-table.tsx';
import { Loaded, useData } from './loaded.tsx';
import { Mark } from './mark.tsx';
import { firingsLink, overviewLink } from './route.ts';
import { Strip } from './strip.tsx';
import { fromNow, ownZone, timeIn } from './times.ts';
import { TrendLines } from './trend-lines.tsx';
import { WeekStrip } from './week-strip.tsx';

/** Every trigger: how it is, what became of its last firings, and what comes next. */
export function OverviewPage({ query }: { query: URLSearchParams }) {
  const data = useData<Overview>(`overview?${query}`);
  return (
    <>
      <h1>Triggers</h1>
      <Loaded data={data}>
        {(overview) => (
          <>
            <Target overview={overview} />
            <Legend />
            <WeekStrip triggers={overview.triggers} timezone={overview.timezone} />
            <Pages overview={overview} query={query} />
            {overview.triggers.map((trigger) => (
              <TriggerCard
                key={trigger.name}
                trigger={trigger}
                canAct={overview.readOnly === undefined}
              />
            ))}
            <Pages overview={overview} query={query} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Target({ overview }: { overview: Overview }) {
  const { target, isStandIn, readOnly, pause } = overview;
  return (
    <div class={`bar ${pause ? 'paused' : ''}`}>
      <p>
        {target}
        {readOnly !== undefined && <b class="warn"> {readOnly}</b>}
        {!isStandIn && readOnly === undefined && (
          <b class="warn"> Executions are real and cost money.</b>
        )}
        {pause && (
          <b class="warn">
            {' '}
            Nothing starts: paused by {pause.by}, {timeIn(pause.at, ownZone)}: {pause.reason}
          </b>
        )}
      </p>
      {readOnly === undefined && <PauseButton isPaused={pause !== undefined} />}
    </div>
  );
}

const STATE_WORDS: Readonly<Record<TriggerState, readonly [text: string, tone: string]>> = {
  paused: ['paused', 'quiet'],
  missed: ['missed', 'bad'],
  failing: ['failing', 'bad'],
  doubtful: ['needs a decision', 'bad'],
  running: ['running', 'busy'],
  ok: ['ok', 'good'],
  new: ['no firing yet', 'dim'],
};

function TriggerCard({ trigger, canAct }: { trigger: TriggerRow; canAct: boolean }) {
  const { name, state, pause, due, trends, budget, tests } = trigger;
  const [text, tone] = STATE_WORDS[state];
  const [next] = trigger.next;
  const last = due.at(-1);
  const evaluations = trends.filter(({ of }) => of === 'evaluation').map((trend) => trend.name);
  return (
    <section class="card" aria-label={name}>
      <div class="card-head">
        <h2>
          <a href={firingsLink({ trigger: name })}>
            <bdi>{name}</bdi>
          </a>
        </h2>
        <span class={`badge ${tone}`}>{text}</span>
        {canAct && (
          <span class="together">
            {tests.map((test, index) => (
              <TestButton key={index} trigger={name} test={test} />
            ))}
            <FireButton trigger={name} />
            <PauseButton trigger={name} isPaused={pause !== undefined} />
          </span>
        )}
      </div>
      {pause && (
        <p class="warn">
          Paused by {pause.by} since {timeIn(pause.at, ownZone)}: {pause.reason}
        </p>
      )}
      <div class="card-body">
        <Strip due={due} />
        <TrendLines trends={trends} />
        <dl>
          <Fact name="next">{next ? <NextTime {...next} /> : 'nothing by itself'}</Fact>
          {last && (
            <Fact name="last">
              {last.headline}, <time dateTime={last.due}>{fromNow(last.due)}</time>
            </Fact>
          )}
          {budget.map(({ period, unit, spent, limit }) => (
            <Fact key={`${period} ${unit}`} name="budget">
              {Math.max(0, limit - spent)} of {limit} {unit} left {period.length > 7 ? 'on' : 'in'}{' '}
              {period}
            </Fact>
          ))}
        </dl>
      </div>
      {due.length > 0 && (
        <Details summary={`The last ${due.length} as a table`}>
          {() => (
            <FiringsTable
              firings={due.toReversed()}
              label={`Last due times of ${name}`}
              evaluations={evaluations}
            />
          )}
        </Details>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function NextTime({ time, timezone }: TriggerRow['next'][number]) {
  return (
    <>
      <time dateTime={time}>
        {timeIn(time, timezone)} {timezone}
      </time>
      {timezone !== ownZone && (
        <span class="dim">
          {' '}
          ({timeIn(time, ownZone)} {ownZone})
        </span>
      )}
      <span class="dim">, {fromNow(time)}</span>
    </>
  );
}

/** More triggers than a page holds: by page and by name. */
function Pages({ overview, query }: { overview: Overview; query: URLSearchParams }) {
  const { count, pageLength } = overview;
  const [name, page] = [query.get('name') ?? '', Number(query.get('page') ?? 0)];
  if (count <= pageLength && name === '') return null;
  const search = (part: string) => {
    location.hash = overviewLink({ name: part });
  };
  const link = (to: number) => overviewLink({ name, page: to === 0 ? '' : String(to) });
  return (
    <p class="pages">
      <Field label="name has" value={name} set={search} />
      <span>
        {count === 0 ? 0 : page * pageLength + 1} to {Math.min(count, (page + 1) * pageLength)} of{' '}
        {count}
      </span>
      {page > 0 && <a href={link(page - 1)}>Before</a>}
      {(page + 1) * pageLength < count && <a href={link(page + 1)}>Next</a>}
    </p>
  );
}

const LEGEND =
  'passed failed inconclusive started missed nothing skipped rejected unresolved'.split(' ');

function Legend() {
  return (
    <p class="legend dim">
      {LEGEND.map((word) => (
        <span key={word}>
          <Mark word={word} /> {word === 'nothing' ? 'nothing recorded' : word}
        </span>
      ))}
    </p>
  );
}

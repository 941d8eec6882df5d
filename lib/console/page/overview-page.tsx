import type { Overview, SpentShare, TriggerRow, TriggerState } from '../console-data.ts';
import { FireButton, PauseButton } from './actions.tsx';
import { FiringsTable } from './firings-table.tsx';
import { Loaded, useData } from './loaded.tsx';
import { Mark } from './mark.tsx';
import { firingsLink } from './route.ts';
import { Strip, Trend } from './strip.tsx';
import { fromNow, ownZone, timeIn } from './times.ts';

/** Every trigger: how it is, what became of its last firings, and what comes next. */
export function OverviewPage() {
  const data = useData<Overview>('overview');
  return (
    <>
      <h1>Triggers</h1>
      <Loaded data={data}>
        {(overview) => (
          <>
            <Target overview={overview} />
            {overview.triggers.map((trigger) => (
              <TriggerCard
                key={trigger.name}
                trigger={trigger}
                canAct={overview.readOnly === undefined}
              />
            ))}
            <Legend />
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
  running: ['running', 'busy'],
  ok: ['ok', 'good'],
  new: ['no firing yet', 'dim'],
};

function TriggerCard({ trigger, canAct }: { trigger: TriggerRow; canAct: boolean }) {
  const { name, state, pause, firings, budget } = trigger;
  const [text, tone] = STATE_WORDS[state];
  const last = firings.at(-1);
  return (
    <section class="card" aria-label={name}>
      <div class="card-head">
        <h2>
          <a href={firingsLink({ trigger: name })}>
            <bdi>{name}</bdi>
          </a>
        </h2>
        <span class={`badge ${tone}`}>{text}</span>
        <span class="grow" />
        {canAct && (
          <>
            <FireButton trigger={name} />
            <PauseButton trigger={name} isPaused={pause !== undefined} />
          </>
        )}
      </div>
      {pause && (
        <p class="warn">
          Paused by {pause.by} since {timeIn(pause.at, ownZone)}: {pause.reason}
        </p>
      )}
      <div class="card-body">
        <Strip firings={firings} />
        <Trend firings={firings} />
        <dl>
          <Next next={trigger.next} />
          {last && (
            <div>
              <dt>last</dt>
              <dd>
                {last.headline}, <time dateTime={last.due}>{fromNow(last.due)}</time>
              </dd>
            </div>
          )}
          {budget.map((share) => (
            <Budget key={`${share.period} ${share.unit}`} share={share} />
          ))}
        </dl>
      </div>
      {firings.length > 0 && (
        <details>
          <summary>The last {firings.length} as a table</summary>
          <FiringsTable firings={firings.toReversed()} label={`Last firings of ${name}`} />
        </details>
      )}
    </section>
  );
}

function Next({ next: [next] }: Pick<TriggerRow, 'next'>) {
  return (
    <div>
      <dt>next</dt>
      <dd>{next ? <NextTime {...next} /> : 'nothing by itself'}</dd>
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

function Budget({ share: { period, unit, spent, limit } }: { share: SpentShare }) {
  return (
    <div>
      <dt>budget</dt>
      <dd>
        {Math.max(0, limit - spent)} of {limit} {unit} left {period.length > 7 ? 'on' : 'in'}{' '}
        {period}
      </dd>
    </div>
  );
}

const LEGEND = [
  ['passed', 'good'],
  ['failed', 'bad'],
  ['inconclusive', 'quiet'],
  ['started', 'busy'],
  ['missed', 'bad'],
  ['skipped', 'quiet'],
  ['rejected', 'bad'],
  ['unresolved', 'bad'],
] as const;

function Legend() {
  return (
    <p class="legend dim">
      {LEGEND.map(([word, tone]) => (
        <span key={word}>
          <Mark firing={{ word, tone }} /> {word}
        </span>
      ))}
    </p>
  );
}

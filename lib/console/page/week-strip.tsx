import type { ComponentChildren } from 'preact';
import type { Day, TriggerRow } from '../console-data.ts';
import { Details } from './details.tsx';
import { Mark } from './mark.tsx';
import { firingsLink } from './route.ts';
import { ScrollTable } from './scroll-table.tsx';
import { dayText } from './times.ts';

/** The last seven days, today and the next seven, of these triggers together; each by itself in the table below. */
export function WeekStrip({
  triggers,
  timezone,
}: {
  triggers: readonly TriggerRow[];
  timezone: string;
}) {
  const [first] = triggers;
  if (!first) return null;
  const today = Math.floor(first.week.length / 2);
  const sums = first.week.map((_, index) =>
    sumOf(triggers.flatMap(({ week }) => week[index] ?? [])),
  );
  return (
    <section aria-label="Last and next seven days" class="week">
      <WeekTable days={first.week} today={today} caption={timezone}>
        <WeekRow name="all" days={sums} />
      </WeekTable>
      <Details summary="Each trigger by day">
        {() => (
          <WeekTable days={first.week} today={today} caption="Each trigger by day">
            {triggers.map(({ name, week }) => (
              <WeekRow key={name} name={name} days={week} isTrigger />
            ))}
          </WeekTable>
        )}
      </Details>
    </section>
  );
}

function sumOf(days: readonly Day[]): Day {
  const words: Record<string, number> = {};
  for (const day of days) {
    for (const [word, count] of Object.entries(day.words)) words[word] = (words[word] ?? 0) + count;
  }
  const isPart = days.some((day) => day.isPart);
  const ahead = days.reduce((sum, day) => sum + day.ahead, 0);
  return { date: days[0]?.date ?? '', words, ahead, ...(isPart && { isPart }) };
}

interface WeekTableProps {
  readonly days: readonly Day[];
  readonly today: number;
  readonly caption: string;
  readonly children: ComponentChildren;
}

function WeekTable({ days, today, caption, children }: WeekTableProps) {
  return (
    <ScrollTable
      label={caption}
      head={
        <>
          <th scope="col">{caption}</th>
          {days.map(({ date }, index) => (
            <th key={date} scope="col" class={index === today ? 'today' : ''}>
              {index === today ? 'today' : dayText(date)}
            </th>
          ))}
        </>
      }
    >
      {children}
    </ScrollTable>
  );
}

function WeekRow({
  name,
  days,
  isTrigger = false,
}: {
  name: string;
  days: readonly Day[];
  isTrigger?: boolean;
}) {
  return (
    <tr>
      <th scope="row">
        {isTrigger ? (
          <a href={firingsLink({ trigger: name })}>
            <bdi>{name}</bdi>
          </a>
        ) : (
          name
        )}
      </th>
      {days.map((day) => (
        <td key={day.date}>
          <DayCell day={day} />
        </td>
      ))}
    </tr>
  );
}

function DayCell({ day: { words, ahead, isPart } }: { day: Day }) {
  return (
    <>
      {Object.entries(words).map(([word, count]) => (
        <span key={word} class="sum" title={`${count} ${word}`}>
          <Mark word={word} /> {count}
          <span class="unseen"> {word} </span>
        </span>
      ))}
      {ahead > 0 && (
        <span class="sum dim" title={`${ahead} due`}>
          ○ {ahead}
          <span class="unseen"> due </span>
        </span>
      )}
      {isPart && <span class="dim"> and more</span>}
    </>
  );
}

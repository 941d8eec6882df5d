import type { MessagesPage } from '../console-data.ts';
import { Loaded, useData } from './loaded.tsx';
import { logLink } from './route.ts';
import { ownZone, timeIn } from './times.ts';

/** The messages of a local run; for a stack, where its log tells of them. */
export function MessagesView() {
  const data = useData<MessagesPage>('messages');
  return (
    <>
      <h1>Messages</h1>
      <Loaded data={data}>
        {({ messages }) =>
          messages === undefined ? (
            <p class="box">
              AWS keeps no copy of a message.{' '}
              <a href={logLink({ text: 'notification_sent', minutes: '10080' })}>
                The log says which were sent.
              </a>
            </p>
          ) : (
            <>
              <p class="dim">
                What subscribers of the topic would get by e-mail. The local run sends nothing.
              </p>
              {messages.length === 0 && <p class="box">Nobody was told anything yet.</p>}
              {messages.map(({ time, subject, text }, index) => (
                <section key={index} class="card" aria-label={subject}>
                  <h2>
                    <bdi>{subject}</bdi>
                  </h2>
                  <p class="dim">
                    {timeIn(time, ownZone, true)} {ownZone}
                  </p>
                  <pre>{text}</pre>
                </section>
              ))}
            </>
          )
        }
      </Loaded>
    </>
  );
}

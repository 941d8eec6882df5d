import type { FileView as File } from '../console-data.ts';
import { Loaded, revision, useData } from './loaded.tsx';
import { ScrollTable } from './scroll-table.tsx';

/** The triggers file as it is on this machine, with what is wrong in it. It is edited elsewhere. */
export function FileView() {
  const data = useData<File>('file');
  return (
    <>
      <h1>Triggers file</h1>
      <Loaded data={data}>
        {({ path, text, problems, note }) => {
          const marked = new Map(problems.map(({ line, severity }) => [line, severity]));
          return (
            <>
              <div class="bar">
                <p>
                  <bdi>{path}</bdi>. {note}
                </p>
                <button
                  type="button"
                  onClick={() => {
                    revision.value += 1;
                  }}
                >
                  Read it again
                </button>
              </div>
              {problems.length === 0 && <p class="box">Nothing is wrong in it.</p>}
              {problems.length > 0 && (
                <ul class="box problems">
                  {problems.map(({ severity, line, column, path: at, message }) => (
                    <li key={`${line}:${column} ${message}`}>
                      <b class={severity === 'error' ? 'bad' : 'quiet'}>{severity}</b> line {line}:{' '}
                      <bdi>
                        {at === '' ? '' : `${at}: `}
                        {message}
                      </bdi>
                    </li>
                  ))}
                </ul>
              )}
              {text !== undefined && (
                <ScrollTable label="Its text" class="source">
                  {text.split('\n').map((line, index) => (
                    <tr key={index} class={marked.get(index + 1) ?? ''}>
                      <th scope="row">{index + 1}</th>
                      <td>{line}</td>
                    </tr>
                  ))}
                </ScrollTable>
              )}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

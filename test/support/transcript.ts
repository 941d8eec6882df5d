/** A command of a document's console blocks, and what the document shows under it. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The commands of every `console` block, in order; each begins a line with a dollar sign. */
export function transcriptIn(document: string): Shown[] {
  const blocks = [...document.matchAll(/^```console\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((entry) => {
        const end = entry.indexOf('\n');
        return { command: entry.slice(0, end), output: entry.slice(end + 1) };
      }),
  );
}

/** A command as it is run here: `printf %s VALUE | rtt …; echo "exit $?"`, the ends absent or not. */
export function parseCommand(command: string): {
  readonly args: string[];
  readonly stdin: string;
  readonly showsExit: boolean;
} {
  const [, stdin = '', line = '', exit] =
    /^(?:printf %s (\S+) \| )?rtt (.*?)(; echo "exit \$\?")?$/.exec(command) ?? [];
  const words = line.matchAll(/"([^"]*)"|(\S+)/g);
  const args = [...words].map(([, quoted, word = '']) => quoted ?? word);
  return { args, stdin, showsExit: exit !== undefined };
}

/**
 * The text with what differs from run to run replaced by words: addresses, ids, times, and which of the stand-in's
 * calls fail, since that depends on the execution's id.
 */
export function withoutVolatile(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/#key=LOCAL[0-9A-F]+…?/g, '#key=KEY')
    .replaceAll(/cli-[0-9a-f]{12}/g, 'cli-REQUEST')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/^[0-9a-f]{6}(?= {2})|(?<=short id +|rtt (show|retry) )[0-9a-f]{6}/gm, 'SHORT')
    .replaceAll(/\d\/(\d)( {2}| calls)/g, 'N/$1$2')
    .replaceAll(/\d of \d completed(, \d failed)?/g, 'N of N completed')
    .replaceAll(/(success rate|Task completion)( +)\d+/g, '$1$2N')
    .replaceAll(/[0-9a-f]{7}…/g, 'PART…')
    .replaceAll(/OK +TOOK/g, 'OK  TOOK')
    .replaceAll(/[▁▂▃▄▅▆▇█]+ \d+ % at last/g, 'RATES')
    .replaceAll(/\d+ % {2}/g, 'N %  ')
    .replaceAll(/\b\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec) \d\d:\d\d/g, 'TIME')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'MOMENT')
    .replaceAll(/((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?/g, 'TIME');
}

import { type ChildProcess, execFileSync } from 'node:child_process';

/** The ids of the processes in which a local run has its functions. */
export function functionProcesses({ pid }: ChildProcess): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='])
    .toString()
    .split('\n')
    .filter((line) => line.includes('function-bootstrap') && line.includes(` ${pid} `))
    .map((line) => Number(line.trim().split(' ')[0]));
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

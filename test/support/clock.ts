/** A clock that moves only when told. */
export interface Clock {
  readonly now: () => Date;
  advance(minutes: number): void;
}

export function clockAt(iso: string): Clock {
  let time = new Date(iso).getTime();
  return {
    now: () => new Date(time),
    advance(minutes) {
      time += minutes * 60_000;
    },
  };
}

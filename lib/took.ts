// Making one takes a hundred times as long as using it.
const HOURS = new Intl.DurationFormat('en', { style: 'narrow' });
const MINUTES = new Intl.DurationFormat('en', { style: 'narrow', secondsDisplay: 'always' });

/** `1h 2m`, below an hour `3m 4s`. */
export function took(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0
    ? HOURS.format({ hours, minutes })
    : MINUTES.format({ minutes, seconds: whole % 60 });
}

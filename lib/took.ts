/** `1h 2m`, below an hour `3m 4s`. */
export function took(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const parts = hours > 0 ? { hours, minutes } : { minutes, seconds: whole % 60 };
  return new Intl.DurationFormat('en', {
    style: 'narrow',
    secondsDisplay: hours > 0 ? 'auto' : 'always',
  }).format(parts);
}

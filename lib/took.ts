/** `1h 2m`, below an hour `3m 4s`. */
export function took(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const parts = hours > 0 ? { h: hours, m: minutes } : { m: minutes, s: whole % 60 };
  const told = Object.entries(parts).filter(([unit, count]) => unit === 's' || count !== 0);
  return told.map(([unit, count]) => `${count}${unit}`).join(' ');
}

/** Each night, as the functions get it. */
export const EARLY = {
  name: 'early',
  expression: 'cron(0 2 * * ? *)',
  times: { kind: 'cron', minutes: [0], hours: [2] },
  timezone: 'Europe/Berlin',
  flexibleWindowMinutes: 0,
  enabled: true,
} as const;

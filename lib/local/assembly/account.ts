/** The local run's account and region: they occur in ARNs only. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** The local run's account, in ARNs only. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

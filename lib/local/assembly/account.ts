/** The local run's account, in ARNs only. */
export const ACCOUNT = '000000000000';
/** In ARNs, and what clients of the local services sign for, whatever the deployed stack's is. */
export const REGION = 'us-east-1';

/**
 * Options of every SDK client. Without these, the SDK waits for an answer that never comes until the function is
 * killed. The services answer within milliseconds; with three attempts, an outage is known after five seconds.
 */
export const AWS_CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

import type { Clock } from '../../clock.ts';
import type { Assembly } from '../assembly/assembly.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import { type InvokeByName, startLambdaEndpoint } from './lambda-endpoint.ts';
import { type LocalQueue, queueUrl, startQueueEndpoint } from './queue-endpoint.ts';

/** Starts what only the command line talks to, as it would to AWS, for clients with this access key. */
export async function startOperatorEndpoints(
  accessKeyId: string,
  { functions, queues }: Assembly,
  {
    invoke,
    deadLetters,
    clock,
  }: { readonly invoke: InvokeByName; readonly deadLetters: DeadLetters; readonly clock: Clock },
) {
  const lambda = await startLambdaEndpoint(accessKeyId, invoke);
  const byName = new Map(queues.map(({ name, arn }) => [name, queueAt(arn)]));
  const sqs = await startQueueEndpoint(accessKeyId, byName, clock);
  return {
    lambda,
    sqs,
    deadLetterQueues: queues.map(({ name }) => queueUrl(sqs, name)),
    async stop() {
      await Promise.all([lambda.stop(), sqs.stop()]);
    },
  };

  /** The letters of the functions whose on-failure destination it is. */
  function queueAt(arn: string): LocalQueue {
    const senders = functions.filter(({ asynchronous }) => asynchronous.onFailure === arn);
    return {
      messages: () => senders.flatMap((sender) => deadLetters.of(sender.arn)),
      remove: deadLetters.remove,
    };
  }
}

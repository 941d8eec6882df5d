import type { Clock } from '../../clock.ts';
import type { Assembly } from '../assembly/assembly.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import { type InvokeByName, startLambdaEndpoint } from './lambda-endpoint.ts';
import { type LocalQueue, queueUrl, startQueueEndpoint } from './queue-endpoint.ts';

/** Starts what only the command line talks to, as it would to AWS, for clients with this access key. `stack` is the one that runs now. */
export async function startOperatorEndpoints(
  accessKeyId: string,
  stack: () => Pick<Assembly, 'functions' | 'queues'>,
  {
    invoke,
    deadLetters,
    clock,
  }: { readonly invoke: InvokeByName; readonly deadLetters: DeadLetters; readonly clock: Clock },
) {
  const lambda = await startLambdaEndpoint(accessKeyId, invoke);
  const sqs = await startQueueEndpoint(accessKeyId, queueNamed, clock);
  return {
    lambda,
    sqs,
    deadLetterQueues: () => stack().queues.map(({ name }) => queueUrl(sqs, name)),
    async stop() {
      await Promise.all([lambda.stop(), sqs.stop()]);
    },
  };

  /** The letters of the functions whose on-failure destination it is. */
  function queueNamed(asked: string): LocalQueue | undefined {
    const { functions, queues } = stack();
    const queue = queues.find(({ name }) => name === asked);
    const senders = functions.filter(({ asynchronous }) => asynchronous.onFailure === queue?.arn);
    return (
      queue && {
        messages: () => senders.flatMap((sender) => deadLetters.of(sender.arn)),
        remove: deadLetters.remove,
      }
    );
  }
}

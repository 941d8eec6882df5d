import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { deadLettersIn } from '../../lib/local/functions/dead-letters.ts';
import { runStack, type StackOptions } from '../../lib/local/local-stack.ts';
import { serveLoopback } from '../../lib/local/server/http-server.ts';
import { handWrittenStack, temporaryDirectory } from './hand-written-stack.ts';
import { manualClock } from './manual-clock.ts';

/** What EventBridge puts around a detail. */
export const ENVELOPE = {
  version: '0',
  id: '8a1e6b52-1111-4222-8333-444455556666',
  'detail-type': 'Execution Failed',
  source: 'run-test-trigger',
  account: '000000000000',
  time: '2026-11-24T02:00:00Z',
  region: 'us-east-1',
  resources: [],
} as const;

const TRIGGER = `
  export const handler = async (event) => {
    if (event.trigger === 'failing' || process.env.FAULT) throw new Error('no ledger');
    if (event.ms) await new Promise((resolve) => setTimeout(resolve, event.ms));
    console.info({ event });
    return { state: 'started', event };
  };
`;

function schedule(trigger: string, expression = 'rate(1 day)') {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: `${trigger}.early`,
      ScheduleExpression: expression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': ['Trigger', 'Arn'] },
        Input: `{"trigger":"${trigger}","schedule":"early","scheduledTime":"<aws.scheduler.scheduled-time>"}`,
      },
    },
  };
}

/**
 * Runs a hand-written stack until the test ends, on a clock that the test moves; its schedules fire only by hand. `rule`
 * changes the properties of its rule.
 */
export async function runHandWritten(changes: Partial<StackOptions> = {}, rule: object = {}) {
  const assembly = handWrittenStack(
    { Trigger: TRIGGER, command: TRIGGER, sweep: TRIGGER },
    {
      Queue: { Type: 'AWS::SQS::Queue' },
      Nightly: schedule('nightly', 'cron(0 2 * * ? *)'),
      Failing: schedule('failing'),
      Over: schedule('over', 'at(2026-11-01T00:00:00)'),
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'service' } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: ['run-test-trigger'], detail: { kind: ['failed'] } },
          Targets: [{ Id: 'notify', Arn: { 'Fn::GetAtt': ['Trigger', 'Arn'] } }],
          ...rule,
        },
      },
      Retries: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Trigger' },
          MaximumRetryAttempts: 1,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
        },
      },
    },
  );
  const clock = manualClock('2026-11-24T01:59:59Z');
  const lines: string[] = [];
  const notices: string[] = [];
  const deadLettersFile = join(temporaryDirectory(), 'dead-letters.jsonl');
  const ending = new AbortController();
  const stack = await runStack(assembly, {
    clock,
    ended: ending.signal,
    repeat: (...failed) => stack.repeat(...failed),
    deadLetters: deadLettersIn(deadLettersFile),
    endpoints: {},
    operatorKey: 'LOCALB',
    functionsKey: 'LOCALA',
    createdAt: () => clock.now(),
    miss: () => Promise.reject(new Error('no ledger here')),
    log: ({ line }) => lines.push(line),
    notice: (text) => notices.push(text),
    ...changes,
  });
  const server = await serveLoopback(stack.answer);
  onTestFinished(async () => {
    ending.abort();
    await stack.stop(0);
    await server.stop();
  });
  const put = (bus: string, detail: object) => stack.deliver(bus, { ...ENVELOPE, detail });
  const post = async (path: string, headers = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Local Credential=LOCALB/', ...headers },
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  return { stack, clock, lines, notices, deadLettersFile, post, put };
}

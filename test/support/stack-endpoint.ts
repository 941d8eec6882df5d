import {
  type LoopbackServer,
  readBody,
  serveLoopback,
} from '../../lib/local/server/http-server.ts';

/** A stack as CloudFormation describes it. */
export interface DescribedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** ARNs. */
  readonly functions?: readonly string[];
}

/** The caller that STS knows here. */
export const CALLER = 'arn:aws:sts::111122223333:assumed-role/operator/ada';

/** An address that has not confirmed its subscription to the topic of the stack. */
export const PENDING = 'qa@example.com';

/** Serves DescribeStacks, ListStackResources, GetCallerIdentity and ListSubscriptionsByTopic (AWS query protocol). */
export function startStackEndpoint(stack: DescribedStack): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    const body = new URLSearchParams((await readBody(request, 65_536)).toString());
    const answer = answerTo(body, stack);
    response.writeHead(answer.status, { 'content-type': 'text/xml' });
    response.end(answer.xml);
  });
}

function answerTo(body: URLSearchParams, stack: DescribedStack) {
  if (body.get('Action') === 'GetCallerIdentity') return { status: 200, xml: identity() };
  if (body.get('Action') === 'ListSubscriptionsByTopic')
    return { status: 200, xml: subscriptions() };
  if (body.get('Action') === 'ListStackResources') return { status: 200, xml: resources(stack) };
  if (body.get('Action') !== 'DescribeStacks') throw new Error(`Not served: ${body}`);
  const name = body.get('StackName');
  return name === stack.name
    ? { status: 200, xml: described(stack) }
    : { status: 400, xml: fault(`Stack with id ${name} does not exist`) };
}

function identity(): string {
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${CALLER}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

function subscriptions(): string {
  const member = (arn: string, endpoint: string) =>
    `<member><SubscriptionArn>${arn}</SubscriptionArn><Endpoint>${endpoint}</Endpoint><Protocol>email</Protocol></member>`;
  const members = member('PendingConfirmation', PENDING) + member('arn:aws:sns:1', 'b@example.com');
  return `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${members}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`;
}

function resources({ functions = [] }: DescribedStack): string {
  const members = functions.map(
    (arn) =>
      `<member><ResourceType>AWS::Lambda::Function</ResourceType><PhysicalResourceId>${arn.split(':').at(-1)}</PhysicalResourceId></member>`,
  );
  return `<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackResourcesResult><StackResourceSummaries>${members.join('')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;
}

function described({ name, outputs, functions: [any = ''] = [] }: DescribedStack): string {
  const [, , , region, account] = any.split(':');
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><StackId>arn:aws:cloudformation:${region}:${account}:stack/${name}/1</StackId><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function fault(message: string): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

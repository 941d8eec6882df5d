import {
  type LoopbackServer,
  readBody,
  serveLoopback,
} from '../../lib/local/server/http-server.ts';

/** An account as CloudFormation, STS and Lambda tell it. */
export interface FakeAccount {
  readonly isBootstrapped: boolean;
  readonly limit: number;
  readonly unreserved: number;
  /** What is deployed as `run-test-trigger`; undefined: nothing. */
  deployed?: { readonly template: unknown; readonly outputs: Readonly<Record<string, string>> };
}

const STACK = 'run-test-trigger';

/** Serves DescribeStacks, GetTemplate, GetCallerIdentity (AWS query protocol) and Lambda's account settings. */
export function startAccountEndpoint(account: FakeAccount): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    if (request.url?.includes('account-settings')) {
      const { limit: ConcurrentExecutions, unreserved: UnreservedConcurrentExecutions } = account;
      const AccountLimit = { ConcurrentExecutions, UnreservedConcurrentExecutions };
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ AccountLimit }));
    }
    const body = new URLSearchParams((await readBody(request, 65_536)).toString());
    const xml = answerTo(body.get('Action') ?? '', body.get('StackName') ?? '', account);
    response.writeHead(xml.includes('<Error>') ? 400 : 200, { 'content-type': 'text/xml' });
    response.end(xml);
  });
}

function answerTo(action: string, stack: string, { isBootstrapped, deployed }: FakeAccount) {
  if (action === 'GetCallerIdentity') {
    return '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
  }
  const isThere = stack === STACK ? deployed !== undefined : isBootstrapped;
  if (!isThere) {
    return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${stack} does not exist</Message></Error></ErrorResponse>`;
  }
  if (action === 'GetTemplate') {
    return `<GetTemplateResponse><GetTemplateResult><TemplateBody>${escaped(JSON.stringify(deployed?.template))}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
  }
  const outputs = Object.entries(deployed?.outputs ?? {}).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${stack}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

import type { Tag } from '@aws-sdk/client-cloudformation';

/** Where the service runs that a command talks to: the local run, or a deployed stack. */
export interface Target {
  readonly kind: 'local' | 'deployed';
  /** For people: `stack run-test-trigger in eu-central-1`. */
  readonly name: string;
  /** Whether its API is the built-in stand-in. */
  readonly isStandIn: boolean;
  /** Takes people's commands. */
  readonly commandFunction: string;
  /** ARNs of the stack's functions. */
  functions(): Promise<readonly string[]>;
  readonly ledgerTable: string;
  /** Where deliveries to this trigger go. Throws InputError where a deployed trigger has no webhook. */
  webhookUrl(trigger: string): string;
  /** Of the stack, and of what is created for it. */
  readonly tags: readonly Tag[];
  readonly deadLetterQueues: readonly string[];
  /** Where the functions' logs are: CloudWatch log groups by short name, or the file of a local run. */
  readonly logs:
    | { readonly kind: 'groups'; readonly groups: Readonly<Record<string, string>> }
    | { readonly kind: 'file'; readonly file: string };
  /** What a local run keeps of people’s messages. */
  readonly messagesFile?: string;
  /** ARN of the SNS topic of people’s messages; a local run has none. */
  readonly topic?: string | undefined;
  /** What an SDK client of this service is made with. */
  client(service: TargetService): ClientConfig;
}

type TargetService =
  | 'cloudwatchLogs'
  | 'dynamodb'
  | 'eventBridge'
  | 'lambda'
  | 'secretsManager'
  | 'sns'
  | 'sqs';

/** What is absent, the SDK finds by itself: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_… and so on. */
interface ClientConfig {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a person says about the target on the command line. */
export interface TargetOptions {
  readonly local?: true | undefined;
  readonly stack?: string | undefined;
  readonly stage?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Of the local run. */
  readonly stateDir: string;
}

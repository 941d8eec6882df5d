/** What a removed stack leaves in the account, by its outputs, while there is one, with the commands that remove all of it. */
export function remainsOf(outputs: Readonly<Record<string, string>>, secrets: readonly string[]) {
  const { LedgerTable: ledger } = outputs;
  const endingWith = (end: string) =>
    Object.entries(outputs).flatMap(([key, value]) => (key.endsWith(end) ? [value] : []));
  const table =
    ledger === undefined
      ? []
      : [
          // A whole description fills a screen, and the AWS CLI's pager would take what is pasted next.
          `aws dynamodb update-table --table-name ${ledger} --no-deletion-protection-enabled --query TableDescription.TableStatus`,
          `aws dynamodb wait table-exists --table-name ${ledger}`,
          `aws dynamodb delete-table --table-name ${ledger} --query TableDescription.TableStatus`,
        ];
  return {
    ledger,
    secrets,
    commands: [
      ...table,
      ...secrets.map((name) => `aws secretsmanager delete-secret --secret-id ${name}`),
      ...endingWith('LogGroup').map((name) => `aws logs delete-log-group --log-group-name ${name}`),
      ...endingWith('DeadLetterQueue').map((url) => `aws sqs delete-queue --queue-url ${url}`),
    ],
  };
}

/** `ledger` is undefined where the outputs name none; `commands` run one after the other, each as it stands. */
export type Remains = ReturnType<typeof remainsOf>;

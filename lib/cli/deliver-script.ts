import type { LocalRun } from '../local/local-run.ts';

/**
 * A shell script that sends a delivery as the trigger's sender would: `sh FILE TRIGGER [BODY]`. It signs when it
 * runs (a signature is good for five minutes) with the secret that the secrets file then holds, except for `hmac`,
 * whose schemes are many; it needs openssl, curl and node.
 */
export function deliverScript({
  url,
  secretsFile,
  triggers,
}: Pick<LocalRun, 'url' | 'secretsFile' | 'triggers'>): string {
  const webhooks = Object.entries(triggers).flatMap(([name, { webhook }]) =>
    webhook ? [{ name, ...webhook }] : [],
  );
  const cases = webhooks.map(
    ({ name, secret, verify }) => `  ${name}) secret=${quote(secret)} verify=${verify} ;;`,
  );
  const names = webhooks.map(({ name }) => name).join(', ') || 'none';
  return `#!/bin/sh
# Sends a signed delivery. Written by npm start.
# Usage: sh deliver.sh TRIGGER [BODY]
set -eu
body=\${2:-'{}'}
case "\${1:-}" in
${cases.join('\n')}
  *) echo "No webhook of trigger '\${1:-}'. There are: ${names}" >&2; exit 2 ;;
esac
secret=$(node -e '
  const [file, name] = process.argv.slice(1);
  console.log(JSON.parse(require("fs").readFileSync(file))[name].trim().split(/\\s+/)[0]);
' ${quote(secretsFile)} "$secret")
timestamp=$(date +%s)
id="msg_$timestamp$$"
sign() { openssl dgst -sha256 -mac HMAC -macopt "$1" -binary; }
case "$verify:$secret" in
  standard-webhooks:*|gitlab:whsec_*)
    key=$(printf %s "\${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
    signature=$(printf %s "$id.$timestamp.$body" | sign "hexkey:$key" | openssl base64 -A)
    set -- "$1" --header "webhook-id: $id" --header "webhook-timestamp: $timestamp" \\
      --header "webhook-signature: v1,$signature" ;;
  gitlab:*) set -- "$1" --header "x-gitlab-token: $secret" --header "idempotency-key: $id" ;;
  github:*)
    signature=$(printf %s "$body" | sign "key:$secret" | od -An -v -tx1 | tr -d ' \\n')
    set -- "$1" --header "x-github-delivery: $id" --header "x-hub-signature-256: sha256=$signature" ;;
  bearer:*) set -- "$1" --header "authorization: Bearer $secret" --header "idempotency-key: $id" ;;
  *) echo "$1 is signed by its sender's own scheme, which this script does not know" >&2; exit 2 ;;
esac
name=$1
shift
curl --silent --show-error --include --max-time 35 "${url}/hooks/$name" \\
  --header 'content-type: application/json' "$@" --data-binary "$body"
echo
`;
}

/** As one word of a POSIX shell. */
export function quote(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

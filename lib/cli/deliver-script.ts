import type { LocalRun } from '../local/local-run.ts';

/**
 * A shell script that sends a delivery as the trigger's sender would: `sh FILE TRIGGER [BODY]`. It signs when it
 * runs (a signature is good for five minutes) with the secret that the secrets file then holds, except for `hmac`,
 * whose schemes are many. Secrets and what is made of them are in no process's arguments. It needs curl and node.
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
case "$verify" in
  hmac) echo "$1 is signed by its sender's own scheme, which this script does not know" >&2; exit 2 ;;
esac
id="msg_$(date +%s)$$"
node -e '
  const { createHmac } = require("node:crypto");
  const [file, name, verify, id, body] = process.argv.slice(1);
  const secret = JSON.parse(require("node:fs").readFileSync(file))[name].trim().split(/\\s+/)[0];
  const hmac = (key, text) => createHmac("sha256", key).update(text);
  const standard = () => {
    const time = Math.floor(Date.now() / 1000);
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const signature = hmac(key, id + "." + time + "." + body).digest("base64");
    return ["webhook-id: " + id, "webhook-timestamp: " + time, "webhook-signature: v1," + signature];
  };
  const headers = {
    "standard-webhooks": standard,
    gitlab: () =>
      secret.startsWith("whsec_") ? standard() : ["x-gitlab-token: " + secret, "idempotency-key: " + id],
    github: () => [
      "x-github-delivery: " + id,
      "x-hub-signature-256: sha256=" + hmac(secret, body).digest("hex"),
    ],
    bearer: () => ["authorization: Bearer " + secret, "idempotency-key: " + id],
  };
  console.log(headers[verify]().join("\\n"));
' ${quote(secretsFile)} "$secret" "$verify" "$id" "$body" |
  curl --silent --show-error --include --max-time 35 "${url}/hooks/$1" \\
    --header 'content-type: application/json' --header @- --data-binary "$body"
echo
`;
}

/** As one word of a POSIX shell. */
export function quote(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

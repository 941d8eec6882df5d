/** `after-deploy` as `AfterDeploy`: the ids of outputs are letters and digits. */
export function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** The id of the stack's output with the URL of a trigger's webhook. */
export function webhookUrlOutput(trigger: string): string {
  return `WebhookUrl${pascalCase(trigger)}`;
}

/** The id of the one output with the URLs of many webhooks, in which TRIGGER stands for the trigger. */
export const WEBHOOK_URLS = 'WebhookUrls';

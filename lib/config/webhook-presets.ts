import type { HmacScheme } from '../../lambda/firing/trigger.ts';

const hex = { encoding: 'hex', algorithm: 'sha256' } as const;

/**
 * The schemes of senders that many people have, from each vendor's documentation of August 2026. The descriptions are for
 * `triggers.schema.json`.
 */
export const PRESETS = {
  stripe: {
    description: 'Stripe’s Stripe-Signature; the secret is the endpoint’s whsec_….',
    scheme: {
      signature: { header: 'stripe-signature', prefix: 'v1=', ...hex },
      timestamp: { header: 'stripe-signature', prefix: 't=' },
      signed: '{timestamp}.{body}',
      idField: 'id',
    },
  },
  slack: {
    description: 'Slack’s X-Slack-Signature, events and slash commands; the signing secret.',
    scheme: {
      signature: { header: 'x-slack-signature', prefix: 'v0=', ...hex },
      timestamp: { header: 'x-slack-request-timestamp', prefix: '' },
      signed: 'v0:{timestamp}:{body}',
    },
  },
  vercel: {
    description: 'Vercel’s X-Vercel-Signature.',
    scheme: {
      signature: { header: 'x-vercel-signature', prefix: '', encoding: 'hex', algorithm: 'sha1' },
      signed: '{body}',
      idField: 'id',
    },
  },
  linear: {
    description: 'Linear’s Linear-Signature, with the time in the body.',
    scheme: {
      signature: { header: 'linear-signature', prefix: '', ...hex },
      timestamp: { field: 'webhookTimestamp', format: 'milliseconds' },
      signed: '{body}',
      idHeader: 'linear-delivery',
    },
  },
  retell: {
    description:
      'Retell AI’s X-Retell-Signature; the secret is the API key with the webhook badge.',
    scheme: {
      signature: { header: 'x-retell-signature', prefix: 'd=', ...hex },
      timestamp: { header: 'x-retell-signature', prefix: 'v=', format: 'milliseconds' },
      signed: '{body}{timestamp}',
    },
  },
  workos: {
    description: 'WorkOS’ WorkOS-Signature.',
    scheme: {
      signature: { header: 'workos-signature', prefix: 'v1=', ...hex },
      timestamp: { header: 'workos-signature', prefix: 't=', format: 'milliseconds' },
      signed: '{timestamp}.{body}',
      idField: 'id',
    },
  },
  paddle: {
    description: 'Paddle’s Paddle-Signature; the secret is pdl_ntfset_….',
    scheme: {
      signature: { header: 'paddle-signature', prefix: 'h1=', separator: ';', ...hex },
      timestamp: { header: 'paddle-signature', prefix: 'ts=' },
      signed: '{timestamp}:{body}',
      idField: 'event_id',
    },
  },
  shopify: {
    description: 'Shopify’s X-Shopify-Hmac-Sha256; the secret is the app’s client secret.',
    scheme: {
      signature: {
        header: 'x-shopify-hmac-sha256',
        prefix: '',
        encoding: 'base64',
        algorithm: 'sha256',
      },
      signed: '{body}',
      idHeader: 'x-shopify-webhook-id',
    },
  },
  twitch: {
    description: 'Twitch EventSub; the secret is the one of the subscription.',
    scheme: {
      signature: { header: 'twitch-eventsub-message-signature', prefix: 'sha256=', ...hex },
      timestamp: { header: 'twitch-eventsub-message-timestamp', prefix: '', format: 'iso' },
      signed: '{id}{timestamp}{body}',
      idHeader: 'twitch-eventsub-message-id',
    },
  },
  zoom: {
    description: 'Zoom’s x-zm-signature; the app’s secret token.',
    scheme: {
      signature: { header: 'x-zm-signature', prefix: 'v0=', ...hex },
      timestamp: { header: 'x-zm-request-timestamp', prefix: '' },
      signed: 'v0:{timestamp}:{body}',
    },
  },
} as const satisfies Record<string, { readonly description: string; readonly scheme: HmacScheme }>;

import type { ServiceEvent } from './service-event.ts';

/** Publishes events, each at least once; rejects when one of them was not taken. */
export type Publish = (events: readonly ServiceEvent[]) => Promise<void>;

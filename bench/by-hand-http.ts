import { Agent, request } from 'node:http';
import { handlerOn } from './sent-by-hand.ts';

/** By hand, with `node:http`. */
export const handler = handlerOn({ Agent, request });

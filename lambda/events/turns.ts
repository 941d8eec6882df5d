import * as z from 'zod/mini';
import { type EventKind, kindSchema } from '../firing/event-kind.ts';

/** What a run showed: whether the trigger works, or a verdict that it does not. */
export const turnSchema = z.object({
  firing: z.string(),
  kind: kindSchema,
  beganAt: z.string(),
  isGood: z.boolean(),
  /** `held`: nobody is told. `flapping`: told, once, that it passes and fails in turn. `steady`: that is over. */
  answer: z.enum(['told', 'held', 'flapping', 'steady']),
});
type Turn = z.infer<typeof turnSchema>;

/** As many runs as are remembered, and may be asked for in a row. */
export const MOST_TURNS = 10;
/** A trigger flaps when it changes so often within the remembered runs, until so many in a row are alike. */
const CHANGES_OF_FLAPPING = 4;
const STEADY_AFTER = 3;

/** How many runs in a row it takes until people are told. */
export interface Patience {
  readonly alertAfter: number;
  readonly recoverAfter: number;
}

/** The runs before, newest last. */
export interface Turns {
  readonly turns?: readonly Turn[] | undefined;
  readonly isFlapping?: boolean | undefined;
}

/** These kinds say how a run went; every other problem is told at once. */
const VERDICTS: ReadonlySet<EventKind> = new Set(['failed', 'inconclusive']);

/**
 * The runs with this one, those in a row that went alike, and what people are told; undefined where the event is not about
 * how a run went. The same event gets the same answer again. Pure.
 * @param isKnown whether people know of the trigger's problem.
 */
export function withTurn(
  { turns = [], isFlapping = false }: Turns,
  event: Pick<Turn, 'firing' | 'kind' | 'beganAt'> & { readonly showsItWorks: boolean },
  { alertAfter, recoverAfter }: Patience,
  isKnown: boolean,
):
  | {
      readonly turn: Turn;
      readonly row: readonly Turn[];
      readonly next: { readonly turns: readonly Turn[]; readonly isFlapping: boolean };
    }
  | undefined {
  const { firing, kind, beganAt, showsItWorks: isGood } = event;
  if (!isGood && !VERDICTS.has(kind)) return undefined;
  const known = turns.find((turn) => turn.firing === firing && turn.kind === kind);
  if (known) return { turn: known, row: rowOf(turns), next: { turns, isFlapping } };
  const all = [...turns, { firing, kind, beganAt, isGood, answer: 'told' } as const].slice(
    -MOST_TURNS,
  );
  const row = rowOf(all);
  const answer = answerOf();
  const turn = { firing, kind, beganAt, isGood, answer };
  const kept = [...all.slice(0, -1), turn];
  return {
    turn,
    row,
    next: {
      turns: answer === 'steady' ? kept.slice(-STEADY_AFTER) : kept,
      isFlapping: answer === 'flapping' || (isFlapping && answer !== 'steady'),
    },
  };

  function answerOf(): Turn['answer'] {
    if (isFlapping) return row.length >= STEADY_AFTER ? 'steady' : 'held';
    if (!isGood && changesIn(all) >= CHANGES_OF_FLAPPING) return 'flapping';
    if (!isGood && isKnown) return 'told';
    return row.length >= (isGood ? recoverAfter : alertAfter) ? 'told' : 'held';
  }
}

function changesIn(turns: readonly Turn[]): number {
  return turns.filter(({ isGood }, index) => index > 0 && turns[index - 1]?.isGood !== isGood)
    .length;
}

/** The last runs that went alike. */
function rowOf(turns: readonly Turn[]): readonly Turn[] {
  const isGood = turns.at(-1)?.isGood;
  return turns.slice(turns.findLastIndex((turn) => turn.isGood !== isGood) + 1);
}

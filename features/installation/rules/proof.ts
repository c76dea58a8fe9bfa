/** Holds what a process finds when it looks in a store for the token that the database names. */
export interface Look {
  /** The token of today; null before the first. */
  readonly token: string | null
  /** The last tokens that lie in the store which this process sees, the newest first. */
  readonly tokens: readonly string[]
  /** Tells whether a process holds the store, and whether it is this one. */
  readonly held: boolean
  readonly mine: boolean
  /** Tells how long ago a holder last said so; null where there was none. */
  readonly idleSeconds: number | null
}

/**
 * `take`: no process holds the store, and this one may. `renew`: this one holds it and says so again. `release`: this
 * one holds it but does not find the token.
 */
export type Step = 'take' | 'renew' | 'release' | 'wait'

/** From then on a store is taken by a process that does not find the token: as after a restore, where nobody does. */
const GIVEN_UP = 60

/** So many tokens stay in a store: more than come while a process looks, or a replica of the database is behind. */
export const TOKENS = 8

/**
 * Judges what to do next, and whether this process sees what the others see: null where nobody can tell, as before anybody
 * holds the store.
 */
export function judgeLook({ token, tokens, held, mine, idleSeconds }: Look): {
  readonly step: Step
  readonly sees: boolean | null
} {
  const there = token !== null && tokens.includes(token)
  if (held && mine)
    return there || token === null ? { step: 'renew', sees: true } : { step: 'release', sees: false }
  if (held) return { step: 'wait', sees: token === null ? null : there }
  // Those who find the token come first: the store that they see is the one of before.
  const may = there || token === null || (idleSeconds ?? GIVEN_UP) >= GIVEN_UP
  return { step: may ? 'take' : 'wait', sees: null }
}

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

/**
 * Seconds since a holder last renewed its lease. From then on a process takes the store although it does not find the
 * token, because after a restore no process finds it.
 */
const TAKEOVER_SECONDS = 60

/**
 * The number of tokens that stay in a store: more than are written while a process looks, or while a replica of the
 * database lags.
 */
export const TOKENS_KEPT = 8

/**
 * Decides the next step, and tells whether this process sees the same store as the others: null where that cannot be
 * told, as while no process holds the store.
 */
export function judgeLook({ token, tokens, held, mine, idleSeconds }: Look): {
  readonly step: Step
  readonly sees: boolean | null
} {
  const there = token !== null && tokens.includes(token)
  if (held && mine)
    return there || token === null ? { step: 'renew', sees: true } : { step: 'release', sees: false }
  if (held) return { step: 'wait', sees: token === null ? null : there }
  // Processes that find the token come first: they see the store that was used before.
  const may = there || token === null || (idleSeconds ?? TAKEOVER_SECONDS) >= TAKEOVER_SECONDS
  return { step: may ? 'take' : 'wait', sees: null }
}

import { DAY, HOUR, MINUTE } from '../time.ts'

/** The limit on how often something may be done: at most `amount` times in `window` milliseconds from the first. */
export interface Limit {
  readonly amount: number
  readonly window: number
}

/**
 * Every rate limit there is. `…_address` counts for the network address a request comes from, generously, as
 * mobile carriers put thousands of people behind one; the others count for what their name says.
 */
export const LIMITS = {
  /** The public check, page and API together. */
  check_address: { amount: 30, window: MINUTE },
  /** Phones that one shop's account looks up. */
  shop_account: { amount: 5_000, window: DAY },
  /** Tries to sign in that failed, at all accounts together: one password is not sprayed over all of them. */
  sign_in_address: { amount: 30, window: 5 * MINUTE },
  /** Sign-ins by passkey that one address begins: each keeps a row for minutes. */
  passkey_address: { amount: 120, window: 10 * MINUTE },
  /** Objections that one address begins. */
  objection_address: { amount: 20, window: HOUR },
  draft_address: { amount: 60, window: HOUR },
  /** Codes that one address asks for, to all contacts together: each costs money and somebody's patience. */
  code_address: { amount: 30, window: HOUR },
  /**
   * Wrong tries at opening cases. There is no limit for a case: 100 random bits need none, and a stranger who knows a
   * number could lock its owner out with it. A code, which is short, has its own five tries.
   */
  lookup_address: { amount: 30, window: 10 * MINUTE },
  /**
   * Wrong codes at opening drafts and objections by their contact, all contacts together: a code has its own five tries, and this
   * bounds how many contacts one address may try them on.
   */
  resume_address: { amount: 20, window: HOUR },
  /** Answers of the provider of identities that one address brings: each makes us ask the provider. */
  identify_address: { amount: 60, window: 10 * MINUTE },
  /** Sendings of files: each may hold 60 MB of somebody's disk. */
  upload_address: { amount: 60, window: HOUR },
  /** Ratings sent with a proof of work. */
  survey_address: { amount: 60, window: HOUR },
  /** Ratings without one, as where no script runs: a family, or a few neighbours behind one carrier's address. */
  survey_unproven: { amount: 20, window: HOUR },
  survey_unproven_day: { amount: 60, window: DAY },
  /** Ratings from one kiosk: after a network break it sends what it has kept. */
  survey_kiosk: { amount: 300, window: HOUR },
  /** Beyond it a rating is kept and not counted: features/ratings/rules/exclusion.ts. */
  survey_fast: { amount: 20, window: DAY },
  /** Posters: each is drawn on the server. */
  poster_address: { amount: 120, window: HOUR },
  /** Papers of one case: its receipt, and all that is held of it. */
  paper_case: { amount: 60, window: HOUR },
  /** Look-ups of receipt numbers. */
  verify_address: { amount: 30, window: 10 * MINUTE },
  /** Public proofs of the audit log. */
  audit_address: { amount: 60, window: 10 * MINUTE },
} as const satisfies Record<string, Limit>

export type LimitKind = keyof typeof LIMITS

/**
 * Returns how often an act is allowed when every limit is multiplied by `scale` (LIMIT_SCALE); never less than once.
 */
export const scaledAmount = (kind: LimitKind, scale: number): number =>
  Math.max(1, Math.floor(LIMITS[kind].amount * scale))

import { DAY, HOUR, MINUTE } from '../time.ts'

/**
 * Every rate limit: at most `amount` times in `window` milliseconds from the first. `…_address` counts for the network address of a request, generously, because mobile carriers put
 * thousands of people behind one. The others count for the thing in their name.
 */
export const LIMITS = {
  /** The public check, page and API together. */
  check_address: { amount: 30, window: MINUTE },
  /** Public views of one registered phone, for its certificates and hand-overs. */
  certificate_phone: { amount: 60, window: DAY },
  shop_account: { amount: 5_000, window: DAY },
  /** Failed sign-ins at all accounts together, so that one password is not sprayed over all of them. */
  sign_in_address: { amount: 30, window: 5 * MINUTE },
  /** Sign-ins by passkey that one address begins: each keeps a row for minutes. */
  passkey_address: { amount: 120, window: 10 * MINUTE },
  objection_address: { amount: 20, window: HOUR },
  draft_address: { amount: 60, window: HOUR },
  /** Codes requested by one address, to all contacts together: each costs money, and disturbs its contact. */
  code_address: { amount: 30, window: HOUR },
  /**
   * Wrong attempts to open cases. There is no limit per case: 100 random bits need none, and a stranger who knows a
   * number could lock its owner out with it. A code, which is short, has its own five attempts.
   */
  lookup_address: { amount: 30, window: 10 * MINUTE },
  /**
   * Wrong codes for drafts and objections opened by contact, all contacts together. A code has its own five attempts; this limits
   * for how many contacts one address may use them.
   */
  resume_address: { amount: 20, window: HOUR },
  /** Wrong codes for one contact or case and one purpose, from everywhere (features/contact-codes/acts.ts). */
  code_guesses: { amount: 100, window: HOUR },
  /** Answers of the identity provider that one address brings; each makes us ask the provider. */
  identify_address: { amount: 60, window: 10 * MINUTE },
  /** Uploads: each may take 60 MB of disk. */
  upload_address: { amount: 60, window: HOUR },
  /** Ratings sent with a proof of work. */
  survey_address: { amount: 60, window: HOUR },
  /** Ratings without one, for example without a script: a family, or a few neighbours behind one carrier's address. */
  survey_unproven: { amount: 20, window: HOUR },
  survey_unproven_day: { amount: 60, window: DAY },
  /** Tries to pair a device with one kiosk: a code has eight digits and lives for minutes. */
  kiosk_pairing: { amount: 10, window: HOUR },
  /** Beyond this a rating is kept but not counted: features/ratings/integrity/rules.ts. */
  survey_fast: { amount: 20, window: DAY },
  /** Posters: each is drawn on the server. */
  poster_address: { amount: 120, window: HOUR },
  /** Papers of one case: its receipt, and everything that is stored about it. */
  paper_case: { amount: 60, window: HOUR },
  /** Look-ups of receipt numbers. */
  verify_address: { amount: 30, window: 10 * MINUTE },
  /** Questions whether a message is ours. */
  message_address: { amount: 30, window: 10 * MINUTE },
  /** Codes by which a holder opens the page about the phone that they have. */
  hand_in_address: { amount: 20, window: 10 * MINUTE },
  /** Public proofs of the audit log. */
  audit_address: { amount: 60, window: 10 * MINUTE },
} as const satisfies Record<string, { readonly amount: number; readonly window: number }>

export type LimitKind = keyof typeof LIMITS

/**
 * Returns how often an act is allowed when every limit is multiplied by `scale` (LIMIT_SCALE); never less than once.
 */
export const scaledAmount = (kind: LimitKind, scale: number): number =>
  Math.max(1, Math.floor(LIMITS[kind].amount * scale))

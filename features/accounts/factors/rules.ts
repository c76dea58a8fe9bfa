import { buttonOf, type CaseDecision } from '#features/cases/decisions/rules.ts'
import { isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'

export type FactorKind = 'totp' | 'recovery' | 'passkey'

/**
 * The acts that a code is valid for. `decision`: acts on cases and objections, for a period that the installation sets.
 * `work`: acts of the relay and the survey's staff, for five minutes. `file`: a download; its link carries no code, so
 * a form takes one just before. `always`: accounts, keys and acts that give people access, with a code in each post.
 */
export type StepUpKind = 'decision' | 'work' | 'file' | 'always'

/** How long a code speaks for work, and for taking files away. */
export const STEP_UP_LIFE = 5 * MINUTE
/** A page asks a little earlier: reading and writing take their time. */
const ASKED_BEFORE = MINUTE
/** A form that is sent twice, or is mended, needs no second code in this time. */
const SAME_FORM = 2 * MINUTE

export interface CodesGiven {
  /** When one was last given at sign-in, or for an act that opens a period. */
  readonly steppedUpAt: Instant
  readonly codeAt: Instant | null
  /** Names what that code was given for: the `submitKey` of a form, or {@link FOR_FILES}. */
  readonly codeFor: string | null
}

export const FOR_FILES = 'files'

/** `soon`: the page asks for a code, and a typed one has to be right. `now`: nothing is done without a code. */
export type StepUpNeed = 'none' | 'soon' | 'now'

/** Returns until when no act of that kind needs a code; null where each needs one. `minutes` is the period for decisions. */
export function openUntil(given: CodesGiven, kind: StepUpKind, minutes: number): Instant | null {
  if (kind === 'decision') return addMilliseconds(given.steppedUpAt, minutes * MINUTE)
  if (kind === 'work') return addMilliseconds(given.steppedUpAt, STEP_UP_LIFE)
  if (kind === 'always' || given.codeFor !== FOR_FILES || given.codeAt === null) return null
  return addMilliseconds(given.codeAt, STEP_UP_LIFE)
}

export function stepUpNeed(given: CodesGiven, kind: StepUpKind, minutes: number, now: Instant): StepUpNeed {
  const until = openUntil(given, kind, minutes)
  if (until === null || until <= now) return 'now'
  return addMilliseconds(until, -ASKED_BEFORE) <= now ? 'soon' : 'none'
}

/** Tells whether the last code was given, a moment ago, with this very form: it speaks for the form sent again. */
export const speaksForForm = ({ codeAt, codeFor }: CodesGiven, submitKey: string, now: Instant): boolean =>
  codeFor === submitKey && codeAt !== null && addMilliseconds(codeAt, SAME_FORM) > now

/** Tells whether a decision on a case asks for a code; why, its form says (features/cases/moves). */
export const needsStepUp = (decision: CaseDecision): boolean => buttonOf(decision).stepUp !== null

/** The second factor in the field for codes: an app's six digits, a recovery code, or what a passkey signed. */
type Otp =
  | { readonly kind: 'totp'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string }
  | { readonly kind: 'passkey'; readonly response: unknown }

export const RECOVERY_CODES = 10
/** 50 random bits each: guesses meet the growing delay of signing in, and a stolen hash its key. */
const RECOVERY_LENGTH = 10

/** Draws codes for the day on which the device is lost, written `XXXXX-XXXXX`. */
export const newRecoveryCodes = (random: Random): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => written(randomCharacters(random, RECOVERY_LENGTH)))

export function parseOtp(typed: string): Otp | null {
  if (typed.startsWith('{')) return { kind: 'passkey', response: parseJson(typed) }
  const digits = compactCode(typed)
  if (/^[0-9]{6}$/.test(digits)) return { kind: 'totp', code: digits }
  const characters = readCharacters(typed)
  return isCrockford(characters, RECOVERY_LENGTH) ? { kind: 'recovery', code: written(characters) } : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const written = (characters: string): string => `${characters.slice(0, 5)}-${characters.slice(5)}`

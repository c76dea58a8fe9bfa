import { buttonOf, type CaseDecision } from '#features/cases/decisions/rules.ts'
import { isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { parseJson } from '#lib/parse-json.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'

export type FactorKind = 'totp' | 'recovery' | 'passkey'

/**
 * The acts that a code is valid for. `decision`: acts on cases and objections, for a period that the installation sets.
 * `work`: acts of the relay and the survey's staff, for five minutes. `file`: a download; its link carries no code, so
 * a form takes one just before. `always`: accounts, keys and acts that give people access, with a code in each post.
 */
export type StepUpKind = 'decision' | 'work' | 'file' | 'always'

/** How long a code is valid for work and for downloads. */
export const STEP_UP_LIFE = 5 * MINUTE
/** A page asks a little earlier, because reading and writing take time. */
const ASKED_BEFORE = MINUTE
/** Within this time a form that is sent twice, or corrected, needs no second code. */
const SAME_FORM = 2 * MINUTE

export interface CodesGiven {
  /** When a code was last given at sign-in or for an act that opens a period. */
  readonly steppedUpAt: Instant
  readonly codeAt: Instant | null
  /** The purpose of that code: the `submitKey` of a form, or {@link FOR_FILES}. */
  readonly codeFor: string | null
}

export const FOR_FILES = 'files'

/** `soon`: the page asks for a code; a wrong one is refused. `now`: the act needs a code. */
export type StepUpNeed = 'none' | 'soon' | 'now'

/** Returns until when acts of a kind need no code; null if they need one now. `minutes` is the period for decisions. */
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

/** Checks whether the last code came moments ago with this same form, which may then be sent again without one. */
export const speaksForForm = ({ codeAt, codeFor }: CodesGiven, submitKey: string, now: Instant): boolean =>
  codeFor === submitKey && codeAt !== null && addMilliseconds(codeAt, SAME_FORM) > now

/** Checks whether a decision needs a code; its form has the reason (features/cases/moves). */
export const needsStepUp = (decision: CaseDecision): boolean => buttonOf(decision).stepUp !== null

type Otp =
  | { readonly kind: 'totp'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string }
  | { readonly kind: 'passkey'; readonly response: unknown }

export const RECOVERY_CODES = 10
/** 50 random bits: guesses are slowed down at sign-in, and a stolen hash is useless without its key. */
const RECOVERY_LENGTH = 10

/** Draws codes for a person who loses their device, written `XXXXX-XXXXX`. */
export const newRecoveryCodes = (random: Random): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => written(randomCharacters(random, RECOVERY_LENGTH)))

export function parseOtp(typed: string): Otp | null {
  if (typed.startsWith('{')) return { kind: 'passkey', response: parseJson(typed) }
  const digits = compactCode(typed)
  if (/^[0-9]{6}$/.test(digits)) return { kind: 'totp', code: digits }
  const characters = readCharacters(typed)
  return isCrockford(characters, RECOVERY_LENGTH) ? { kind: 'recovery', code: written(characters) } : null
}

const written = (characters: string): string => `${characters.slice(0, 5)}-${characters.slice(5)}`

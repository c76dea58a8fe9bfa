import '#server-only'
import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1'
import { z } from 'zod'
import { parseJson } from '#lib/parse-json.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { writeChallenge } from './challenge-rules.ts'

/** The most guesses of a browser, in about a second of a phone's spare time; on average it needs half of them. */
const MAX_NUMBER = 50_000
/** How long a form may stay open and its proof still count. After that it counts as sent without proof. */
const LIFETIME = 12 * HOUR

const hmacKey = (): string => Buffer.from(keyedHash('survey-proof', '1')).toString('hex')

/** Creates a form's signed time of issue and the puzzle for its browser, each as one word. */
export async function issueForm(now: Instant) {
  const { challenge, salt, signature, maxnumber } = await createChallenge({
    hmacKey: hmacKey(),
    maxNumber: MAX_NUMBER,
    expires: addMilliseconds(now, LIFETIME),
  })
  const time = now.getTime().toString(36)
  return {
    issued: `${time}.${sign(time)}`,
    puzzle: writeChallenge({ challenge, salt, signature, max: maxnumber ?? MAX_NUMBER }),
  }
}

const sign = (time: string): string => Buffer.from(keyedHash('survey-issued', time)).toString('base64url')

/** Returns the milliseconds since we issued a form; null if we did not issue it. */
export function measureElapsed(issued: string, now: Instant): number | null {
  const [time = '', signature = ''] = issued.split('.')
  if (!sameBytes(Buffer.from(signature), Buffer.from(sign(time)))) return null
  return now.getTime() - Number.parseInt(time, 36)
}

const payloadSchema = z.object({
  algorithm: z.literal('SHA-256'),
  challenge: z.hex().length(64),
  number: z.number().int().min(0).max(MAX_NUMBER),
  salt: z.string().max(200),
  signature: z.hex().length(64),
})

/** Reads a proof of work; null if it is malformed, not ours, or expired. Its challenge may be spent only once. */
export async function readProof(sent: string, now: Instant) {
  const payload = payloadSchema.safeParse(parseJson(sent))
  if (!payload.success || !(await verifySolution(payload.data, hmacKey(), false))) return null
  const expiresAt = new Date(Number(extractParams(payload.data).expires) * 1000)
  return expiresAt > now ? { challenge: payload.data.challenge, expiresAt } : null
}

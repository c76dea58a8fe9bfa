import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { countRepeated } from '../publication/data.ts'
import { parseReceiptNumber, type ReceiptNumber } from '../rating/rules.ts'
import { findReceiptStanding } from './data.ts'
import type { ReceiptStanding } from './rules.ts'

/** Small, so that an agency's row is not locked for long. */
const AT_A_TIME = 20

/** Counts every answer of a reversed group, a few per transaction, then its comments. A repeated run continues. */
export async function recountExcluded(exclusionId: string): Promise<void> {
  while (await readmitSome(exclusionId)) {}
}

const readmitSome = (exclusionId: string): Promise<boolean> =>
  transaction(async (tx) => {
    for (let done = 0; done < AT_A_TIME; done++) {
      const key = await readmitOne(tx, exclusionId)
      if (key === null) {
        // The comments wait for the next ten, once all answers of the group count.
        await tx.$executeRaw`
          UPDATE survey_comments SET exclusion_id = NULL WHERE exclusion_id = ${exclusionId}::uuid
            AND NOT EXISTS (SELECT FROM survey_excluded_responses WHERE exclusion_id = ${exclusionId}::uuid)`
        return false
      }
      // One address sent many of these answers and is no longer known. So they count as repeated and wait for ten other people.
      await countRepeated(tx, key)
    }
    return true
  })

/** Moves one answer of a reversed group to the counted answers; null when none is left. */
async function readmitOne(tx: Tx, exclusionId: string) {
  const rows = await tx.$queryRaw<{ agencyId: string; questionnaireVersion: number }[]>`
    WITH back AS (
      DELETE FROM survey_excluded_responses WHERE id = (
        SELECT id FROM survey_excluded_responses
        WHERE exclusion_id = ${exclusionId}::uuid LIMIT 1 FOR UPDATE SKIP LOCKED
      ) RETURNING *
    )
    INSERT INTO survey_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, procedure,
      with_code, received_month, answers, repeated, channel)
    SELECT id, agency_version_id, questionnaire_version, agency_id, service_date, procedure, with_code,
      received_month, answers, true, channel FROM back
    RETURNING agency_id AS "agencyId", questionnaire_version AS "questionnaireVersion"`
  return rows[0] ?? null
}

interface Verified {
  readonly number: ReceiptNumber
  /** `unknown`: well-formed, but not one of ours. */
  readonly standing: ReceiptStanding | { readonly state: 'unknown' }
}

type VerifyRefusal =
  | { readonly kind: 'empty' | 'format' }
  | { readonly kind: 'limit'; readonly retryAfterSeconds: number }

/** Returns the standing of a typed receipt number. Guessing one takes 2^60 tries, and each address has a limit per hour. */
export async function verifyReceipt(
  typed: string,
  address: string,
  now: Instant,
): Promise<Result<Verified, VerifyRefusal>> {
  if (typed.trim() === '') return err({ kind: 'empty' })
  const number = parseReceiptNumber(typed)
  if (number === null) return err({ kind: 'format' })
  const { allowed, retryAfterSeconds } = await withinLimit('verify_address', address, now)
  if (!allowed) return err({ kind: 'limit', retryAfterSeconds })
  return ok({ number, standing: (await findReceiptStanding(number)) ?? { state: 'unknown' } })
}

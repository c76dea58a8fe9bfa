import '#server-only'
import type { Rating } from '#domain/survey/rating.ts'
import type { ReceiptNumber } from '#domain/survey/receipt.ts'
import type { Instant } from '#domain/time.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { aside } from '#server/platform/aside.ts'
import { rowsOf, type Tx } from '#server/platform/db.ts'
import type { RatedVersion } from './rating.ts'

/** One counter of `take_hit`. */
export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

/** Remembered for longer: its device may be without a network for a month before it sends again. */
export const KIOSK_ACT = 'survey.rate_at_kiosk'

export interface NewResponse {
  readonly submitKey: string
  /** As what it is remembered, so that it is one answer however often it is sent. */
  readonly act: 'survey.rate' | typeof KIOSK_ACT
  readonly agency: RatedVersion
  readonly questionnaireVersion: number
  readonly rating: Rating
  readonly receivedMonth: string
  /** An id for each row that is written apart; none leads to another. */
  readonly newId: () => string
  readonly receipt: ReceiptNumber
  readonly receiptHash: Uint8Array
  readonly dossier: { readonly year: number; readonly hash: Uint8Array } | null
  readonly proof: { readonly challenge: string; readonly expiresAt: Instant } | null
  /** What limits it, where the proof of work holds and has not been spent, and where there is none. */
  readonly limits: readonly Counter[]
  readonly limitsWithoutProof: readonly Counter[]
  /** For which it is excluded, where one of them is used up. */
  readonly signs: readonly (Counter & { readonly reason: string })[]
}

export interface Recorded {
  /** `tenth`: recorded, and now ten wait to be published, in this transaction. */
  readonly outcome: 'recorded' | 'again' | 'limit' | 'used' | 'closed' | 'tenth'
  readonly receipt: ReceiptNumber
  /** Seconds until the limit would let it through. */
  readonly wait: number
}

/** What `record_rating` raises where it became the tenth on its way. */
const TEN_WAIT = 'AT010'
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

/**
 * Takes a rating in one statement that is a transaction of its own. Null: it makes ten, nothing was done, do it again in
 * a transaction that publishes them.
 */
export async function recordAlone(response: NewResponse, now: Instant): Promise<Recorded | null> {
  try {
    const rows = await aside<Recorded>('record_rating', 'SELECT * FROM record_rating($1::jsonb, false)', [
      JSON.stringify(asJson(response, now)),
    ])
    const recorded = only(rows)
    return recorded.outcome === 'tenth' ? null : recorded
  } catch (error) {
    if (codeOf(error) === TEN_WAIT) return null
    throw error
  }
}

/** The same within a transaction that can publish. */
export const recordIn = async (tx: Tx, response: NewResponse, now: Instant): Promise<Recorded> =>
  only(
    await rowsOf<Recorded>(
      tx,
      Prisma.sql`SELECT * FROM record_rating(${JSON.stringify(asJson(response, now))}::jsonb, true)`,
    ),
  )

function only([row]: readonly Recorded[]): Recorded {
  if (row === undefined) throw new Error('record_rating answered nothing')
  return row
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const asCounter = ({ keyHash, amount, window }: Counter) => ({ key: hex(keyHash), amount, window })

/** The parameter of `record_rating`, in the columns' names. */
function asJson(response: NewResponse, now: Instant) {
  const { agency, rating, newId, dossier, proof } = response
  return {
    now,
    submitKey: response.submitKey,
    act: response.act,
    response: {
      id: newId(),
      agency_id: agency.id,
      agency_version_id: agency.versionId,
      questionnaire_version: response.questionnaireVersion,
      service_date: rating.serviceDate,
      procedure: rating.procedure,
      with_code: rating.dossierCode !== null,
      received_month: response.receivedMonth,
      answers: rating.answers,
    },
    comments: [
      ...(rating.comment === null ? [] : [{ id: newId(), text: rating.comment }]),
      ...Object.entries(rating.texts).map(([question, text]) => ({
        id: newId(),
        text,
        question,
      })),
    ],
    suggestion: rating.suggestion === null ? null : { id: newId(), text: rating.suggestion },
    receipt: response.receipt,
    receiptHash: hex(response.receiptHash),
    dossier: dossier && { year: dossier.year, hash: hex(dossier.hash) },
    proof,
    limits: response.limits.map(asCounter),
    limitsWithoutProof: response.limitsWithoutProof.map(asCounter),
    signs: response.signs.map((sign) => ({ ...asCounter(sign), reason: sign.reason })),
    exclusionId: newId(),
  }
}

import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, queryOutsideTransaction, rawQuery, type Tx } from '#platform/db.ts'
import type { RatingAct } from '../rules/acts.ts'
import type { AnswerChannel } from '../rules/channel.ts'
import type { ExclusionReason } from '../rules/exclusion.ts'
import type { Rating } from '../rules/rating.ts'
import type { ReceiptNumber } from '../rules/receipt.ts'
import type { RatedVersion } from './rating.ts'

export interface NewResponse {
  readonly submitKey: string
  /** The act that the form's key is stored under, so that the same form sent again is one answer. */
  readonly act: RatingAct
  readonly agency: RatedVersion
  readonly questionnaireVersion: number
  readonly rating: Rating
  readonly receivedMonth: string
  /** An id for each row that is written apart; none leads to another. */
  readonly newId: () => string
  readonly receipt: ReceiptNumber
  readonly receiptHash: Uint8Array
  readonly dossier: { readonly year: number; readonly hash: Uint8Array } | null
  /** The rule that keeps it out of the figures. */
  readonly exclusion: ExclusionReason | null
  /** Tells whether it is one of the ten people that release what waits. */
  readonly person: boolean
  /**
   * The number of times that the agency's answers had been released when its address was counted; null where none is.
   */
  readonly batch: number | null
  /** The way by which the form was opened. */
  readonly channel: AnswerChannel
  /** For an answer of a kiosk: the Monday of its week, and whether it counts toward the thirty. */
  readonly kiosk: { readonly week: string; readonly person: boolean } | null
}

export interface Recorded {
  /**
   * `tenth`: recorded, and now ten people wait to be published, in this transaction. `released`: not recorded, as answers
   * were released since its address was counted.
   */
  readonly outcome: 'recorded' | 'again' | 'used' | 'closed' | 'tenth' | 'released'
  readonly receipt: ReceiptNumber
}

/** The code that `record_answer` raises where the answer became the tenth on its way. */
const TEN_WAIT = 'AT010'
/** The code that it raises where answers were released since its address was counted. */
const RELEASED_MEANWHILE = 'AT011'
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

/** Tells whether a statement was undone because answers were released while it ran. */
export const wasReleasedMeanwhile = (error: unknown): boolean => codeOf(error) === RELEASED_MEANWHILE

/**
 * Takes a rating in one statement that is a transaction of its own. Null: it makes ten, nothing was done, do it again in
 * a transaction that publishes them.
 */
export async function recordAlone(response: NewResponse): Promise<Recorded | null> {
  try {
    const rows = await queryOutsideTransaction<Recorded>(
      Prisma.sql`SELECT * FROM record_answer(${JSON.stringify(asJson(response))}::jsonb, false, ${MIN_PUBLIC_GROUP}::int)`,
    )
    const recorded = only(rows)
    return recorded.outcome === 'tenth' ? null : recorded
  } catch (error) {
    if (codeOf(error) === TEN_WAIT) return null
    throw error
  }
}

/** Does the same within a transaction that can publish. */
export const recordIn = async (tx: Tx, response: NewResponse): Promise<Recorded> =>
  only(
    await rawQuery<Recorded>(
      tx,
      Prisma.sql`SELECT * FROM record_answer(${JSON.stringify(asJson(response))}::jsonb, true, ${MIN_PUBLIC_GROUP}::int)`,
    ),
  )

function only([row]: readonly Recorded[]): Recorded {
  if (row === undefined) throw new Error('record_answer answered nothing')
  return row
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Returns the parameter of `record_answer`, in the columns' names. */
function asJson(response: NewResponse) {
  const { agency, rating, newId, dossier } = response
  return {
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
      channel: response.channel,
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
    exclusion: response.exclusion,
    exclusionId: newId(),
    person: response.person,
    batch: response.batch,
    kiosk: response.kiosk,
  }
}

/** Returns the year's key for dossier codes, made when it is first needed. */
export async function dossierKey(year: number, fresh: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const found = await db.dossierKey.findUnique({ where: { year }, select: { key: true } })
  if (found !== null) return found.key
  await db.dossierKey.createMany({ data: [{ year, key: fresh }], skipDuplicates: true })
  return (await db.dossierKey.findUniqueOrThrow({ where: { year }, select: { key: true } })).key
}

/** Deletes the keys of years before this one, and with each the hashes that were made with it. */
export const forgetDossierKeys = async (now: Instant): Promise<number> =>
  (await db.dossierKey.deleteMany({ where: { year: { lt: Number(localDate(now).slice(0, 4)) } } })).count

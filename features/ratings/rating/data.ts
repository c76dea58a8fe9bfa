import '#server-only'
import { dayBefore } from '#features/agencies/changes/rules.ts'
import {
  type AgencyLineage,
  describeLineage,
  findAgenciesOn,
  findAgenciesUpTo,
  findAgencyVersions,
  NO_LINEAGE,
} from '#features/agencies/data.ts'
import {
  type Agency,
  type AgencyVersion,
  type Renaming,
  renamingsOf,
  versionOn,
} from '#features/agencies/rules.ts'
import type { Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { chooseQuestionnaire } from '#features/questionnaires/versions/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { keyedHash, randomBuffer } from '#platform/crypto.ts'
import { db, queryOutsideTransaction, rawQuery, sql, type Tx } from '#platform/db.ts'
import { sha256 } from '#platform/signatures.ts'
import type { ExclusionReason } from '../integrity/rules.ts'
import { receiptLeaf } from '../receipts/rules.ts'
import { type AnswerChannel, type Rating, type RatingAct, type ReceiptNumber, serviceDates } from './rules.ts'

export interface NewResponse {
  readonly submitKey: string
  /** The act under which the form's key is stored, so that the same form sent again is one answer. */
  readonly act: RatingAct
  readonly agency: RatedVersion
  readonly questionnaireVersion: number
  readonly rating: Rating
  readonly receivedMonth: string
  /** Makes an id for each row that is written separately. No id leads to another. */
  readonly newId: () => string
  readonly receipt: ReceiptNumber
  readonly receiptHash: Uint8Array
  readonly dossier: { readonly year: number; readonly hash: Uint8Array } | null
  readonly exclusion: ExclusionReason | null
  /** True for the first answer of its network on the day: one of the ten people of a release, and added to the figures. */
  readonly person: boolean
  readonly channel: AnswerChannel
  /** For a kiosk answer: the Monday of its week, and whether it counts toward the thirty. */
  readonly kiosk: { readonly week: string; readonly person: boolean } | null
  /** The trial version that the answer is of, or is compared with; absent if there is none. */
  readonly trial?: number | null
  /** True if the answer waits until its version's trial has reached its size. */
  readonly held?: boolean
  /** For an answer by invitation: the hash of its token, and the time at which the token is spent. */
  readonly invitation: { readonly hash: Uint8Array; readonly at: Instant } | null
}

export interface Recorded {
  /** `tenth`: recorded, and this transaction must publish the ten. `uninvited`: the invitation takes no answer. */
  readonly outcome: 'recorded' | 'again' | 'used' | 'closed' | 'tenth' | 'uninvited'
  readonly receipt: ReceiptNumber
}

/** The error code that `record_answer` raises if the answer has meanwhile become the tenth. */
const TEN_WAIT = 'AT010'
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

/** Records a rating in one statement; null if it is the tenth: the caller then repeats it in a transaction that publishes. */
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

/** Records a rating within a transaction that can publish. */
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

/** Returns the argument of `record_answer`, with the columns' names. */
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
      trial: response.trial ?? null,
    },
    held: response.held ?? false,
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
    receiptLeaf: hex(sha256(receiptLeaf(response.receivedMonth.slice(0, 7), response.receipt))),
    dossier: dossier && { year: dossier.year, hash: hex(dossier.hash) },
    exclusion: response.exclusion,
    exclusionId: newId(),
    person: response.person,
    kiosk: response.kiosk,
    ...(response.invitation && { invitation: hex(response.invitation.hash), at: response.invitation.at }),
  }
}

/** Returns the year's key for dossier codes. The first call of a year stores `fresh` as the key. */
export async function readDossierKey(year: number, fresh: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const found = await db.dossierKey.findUnique({ where: { year }, select: { key: true } })
  if (found !== null) return found.key
  await db.dossierKey.createMany({ data: [{ year, key: fresh }], skipDuplicates: true })
  return (await db.dossierKey.findUniqueOrThrow({ where: { year }, select: { key: true } })).key
}

/** Deletes the keys of earlier years, and with each the hashes that were made with it. */
export const forgetDossierKeys = async (now: Instant): Promise<number> =>
  (await db.dossierKey.deleteMany({ where: { year: { lt: Number(localDate(now).slice(0, 4)) } } })).count

export type RatedVersion = Pick<AgencyVersion, 'id' | 'versionId' | 'validFrom' | 'validTo'>

/** A point in time in JSON. */
type Written = string | null
interface Row {
  readonly versions: readonly RatedVersion[]
  readonly questionnaires: readonly {
    readonly version: number
    readonly publishedAt: Written
    readonly retiredAt: Written
    readonly trialPercent: number | null
    readonly trialEndsAt: Written
    readonly trialSize: number | null
    readonly reachedAt: Written
    readonly adoptedAt: Written
  }[]
}

const instant = (written: Written): Date | null => (written === null ? null : new Date(written))

/** Returns what a rating is checked against, in one statement: two took a fifth of its time. `day`: a local date. */
export async function readRatingContext(agencyId: string, day: string) {
  const [row] = await queryOutsideTransaction<Row>(sql`SELECT
      (SELECT coalesce(json_agg(json_build_object('id', agency_id, 'versionId', id, 'validFrom', valid_from,
          'validTo', valid_to) ORDER BY valid_from), '[]')
        FROM agency_versions WHERE agency_id = ${agencyId} AND valid_from <= ${day}::date) AS versions,
      (SELECT coalesce(json_agg(json_build_object('version', version, 'publishedAt', published_at,
          'retiredAt', retired_at, 'trialPercent', trial_percent, 'trialEndsAt', trial_ends_at,
          'trialSize', trial_size, 'reachedAt', trial_reached_at,
          'adoptedAt', adopted_at)), '[]')
        FROM questionnaires) AS questionnaires`)
  if (!row) throw new Error('rating_context answered nothing')
  return {
    versions: row.versions,
    questionnaires: row.questionnaires.map(
      ({ publishedAt, retiredAt, trialEndsAt, reachedAt, adoptedAt, ...rest }) => ({
        ...rest,
        publishedAt: instant(publishedAt),
        retiredAt: instant(retiredAt),
        trialEndsAt: instant(trialEndsAt),
        reachedAt: instant(reachedAt),
        adoptedAt: instant(adoptedAt),
      }),
    ),
  }
}

export const listAgencies = (now: Instant): Promise<Agency[]> => findAgenciesOn(localDate(now))

/** Returns every present or past agency in its last version: it names what is bound to an agency even after its end. */
export async function listKnownAgencies(now: Instant) {
  const today = localDate(now)
  const all = await findAgenciesUpTo(today)
  return all.map((version) => ({ ...version, ended: versionOn([version], today) === null }))
}

export interface RatingPage extends AgencyLineage {
  /** The agency as it is today, or its last version. */
  readonly agency: Agency
  readonly questionnaire: Questionnaire
  /** True if the version was drawn just now. The page then redirects to an address that names it. */
  readonly drawn: boolean
  /** The version on trial; null if there is none. */
  readonly trial: number | null
  /** The days of service that can be rated here, as local dates; null if there are none any more. */
  readonly dates: { readonly first: string; readonly last: string } | null
  /** The former names, latest first. */
  readonly renamings: readonly Renaming[]
}

/** Returns the data of a rating's page, or null. `version`: null for a new form. `from`: a closed agency that led here. */
export async function readRatingPage(
  agencyId: string,
  { version, from }: { readonly version: number | null; readonly from: string | null },
  now: Instant,
): Promise<RatingPage | null> {
  const draw = randomBuffer(4).readUInt32BE() / 2 ** 32
  const today = localDate(now)
  const [versions, asked] = await Promise.all([
    findAgencyVersions(agencyId, today),
    chooseQuestionnaire(version, draw, now),
  ])
  const [begin, last] = [versions[0], versions.at(-1)]
  if (begin === undefined || last === undefined || asked === null) return null
  const open = versionOn(versions, today)
  const days = serviceDates(now)
  const dates = {
    first: [begin.validFrom, days.first].toSorted()[1] ?? days.first,
    last: open === null && last.validTo !== null ? dayBefore(last.validTo) : days.last,
  }
  const started = versions.findLast(({ validFrom }) => validFrom > days.first)?.validFrom ?? null
  const page = {
    agency: last,
    ...asked,
    dates: dates.first <= dates.last ? dates : null,
    renamings: renamingsOf(versions),
  }
  // Without a change within the year there is no lineage to read.
  if (open !== null && started === null && from === null) return { ...page, ...NO_LINEAGE }
  return { ...page, ...(await describeLineage(last, { started, from, today })) }
}

export const hashReceipt = (number: ReceiptNumber): Uint8Array<ArrayBuffer> =>
  keyedHash('survey-receipt', number)

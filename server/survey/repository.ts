import '#server-only'
import type { Agency } from '#domain/survey/agency.ts'
import type { Counts } from '#domain/survey/distribution.ts'
import { type Cell, EMPTY_CELL, STEP } from '#domain/survey/publication.ts'
import { type Questionnaire, questionsSchema } from '#domain/survey/questionnaire.ts'
import type { Rating } from '#domain/survey/rating.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

/** An agency as it was on a day; a response belongs to this version of it. */
export interface AgencyOnDay extends Agency {
  readonly versionId: string
}

const validOn = (date: string) => ({
  validFrom: { lte: new Date(date) },
  OR: [{ validTo: null }, { validTo: { gt: new Date(date) } }],
})

const agencySelect = {
  id: true,
  agencyId: true,
  nameVi: true,
  nameEn: true,
  kind: true,
  abbreviation: true,
} as const

const asAgency = ({ id, agencyId, ...rest }: { id: string; agencyId: string } & Omit<Agency, 'id'>) => ({
  ...rest,
  id: agencyId,
  versionId: id,
})

/** Every agency there is on a local date, in the catalogue's order. */
export async function agenciesOn(date: string): Promise<AgencyOnDay[]> {
  const versions = await db.agencyVersion.findMany({
    where: validOn(date),
    orderBy: { agency: { ordinal: 'asc' } },
    select: agencySelect,
  })
  return versions.map(asAgency)
}

export async function agencyOn(id: string, date: string): Promise<AgencyOnDay | null> {
  const version = await db.agencyVersion.findFirst({
    where: { agencyId: id, ...validOn(date) },
    select: agencySelect,
  })
  return version && asAgency(version)
}

/** The published, not retired questionnaire of a version; without one, the newest that there is. */
export async function openQuestionnaire(now: Instant, version?: number): Promise<Questionnaire | null> {
  const found = await db.questionnaire.findFirst({
    where: {
      publishedAt: { lte: now },
      OR: [{ retiredAt: null }, { retiredAt: { gt: now } }],
      ...(version !== undefined && { version }),
    },
    orderBy: { version: 'desc' },
    select: { version: true, legalBasis: true, questions: true },
  })
  return found && { ...found, questions: questionsSchema.parse(found.questions) }
}

/** Every version that was ever published, newest first. */
export async function publishedQuestionnaires(now: Instant): Promise<Questionnaire[]> {
  const found = await db.questionnaire.findMany({
    where: { publishedAt: { lte: now } },
    orderBy: { version: 'desc' },
    select: { version: true, legalBasis: true, questions: true },
  })
  return found.map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}

/** The year's key for dossier codes, made when it is first needed. */
export async function dossierKey(tx: Tx, year: number, fresh: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  await tx.dossierKey.createMany({ data: [{ year, key: fresh }], skipDuplicates: true })
  const { key } = await tx.dossierKey.findUniqueOrThrow({ where: { year }, select: { key: true } })
  return key
}

/** False when the code has been used this year. */
export async function takeDossierCode(
  tx: Tx,
  year: number,
  codeHash: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { count } = await tx.dossierCode.createMany({ data: [{ year, codeHash }], skipDuplicates: true })
  return count === 1
}

export interface NewResponse {
  readonly id: string
  readonly agency: AgencyOnDay
  readonly questionnaireVersion: number
  readonly rating: Rating
  readonly receivedMonth: Date
}

/** Writes an answer and, in tables apart that do not name it, what was written with it. */
export async function addResponse(
  tx: Tx,
  { id, agency, questionnaireVersion, rating, receivedMonth }: NewResponse,
  apart: {
    readonly commentId: string
    readonly suggestionId: string
    readonly receiptHash: Uint8Array<ArrayBuffer>
  },
): Promise<void> {
  await tx.surveyResponse.create({
    data: {
      id,
      agencyId: agency.id,
      agencyVersionId: agency.versionId,
      questionnaireVersion,
      serviceDate: new Date(rating.serviceDate),
      procedure: rating.procedure,
      withCode: rating.dossierCode !== null,
      receivedMonth,
      answers: { ...rating.answers },
    },
    select: { id: true },
  })
  if (rating.comment !== null) {
    const data = { id: apart.commentId, agencyId: agency.id, receivedMonth, text: rating.comment }
    await tx.surveyComment.create({ data, select: { id: true } })
  }
  if (rating.suggestion !== null) {
    const data = { id: apart.suggestionId, questionnaireVersion, receivedMonth, text: rating.suggestion }
    await tx.surveySuggestion.create({ data, select: { id: true } })
  }
  await tx.surveyReceipt.create({
    data: { numberHash: apart.receiptHash, receivedMonth },
    select: { receivedMonth: true },
  })
}

/**
 * Counts one more answer of an agency, and holds the agency's row until the transaction ends. True when ten wait: the
 * row is then set to have them public.
 */
export async function countOne(tx: Tx, agencyId: string, version: number): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ waiting: number }[]>`
    INSERT INTO survey_tallies AS t (agency_id, questionnaire_version, published, waiting)
    VALUES (${agencyId}, ${version}, 0, 1)
    ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
      waiting = (t.waiting + 1) % ${STEP}::int,
      published = t.published + CASE WHEN t.waiting + 1 = ${STEP}::int THEN ${STEP}::int ELSE 0 END
    RETURNING waiting`
  return row?.waiting === 0
}

/** The answers that waited, now marked as counted. Call with the agency's tally held. */
export async function takeWaiting(
  tx: Tx,
  agencyId: string,
  version: number,
): Promise<Readonly<Record<string, string>>[]> {
  const rows = await tx.$queryRaw<{ answers: Record<string, string> }[]>`
    UPDATE survey_responses SET counted = true
    WHERE agency_id = ${agencyId} AND questionnaire_version = ${version} AND NOT counted
    RETURNING answers`
  return rows.map(({ answers }) => answers)
}

/** Changes the cells of some questions of an agency. Call with the agency's tally held. */
export async function changeCells(
  tx: Tx,
  agencyId: string,
  questionnaireVersion: number,
  change: (question: string, cell: Cell) => Cell,
  questions: readonly string[],
): Promise<void> {
  const rows = await tx.surveyCell.findMany({ where: { agencyId, questionnaireVersion } })
  for (const question of questions) {
    const row = rows.find((one) => one.question === question)
    const before = row ? { published: row.published as Counts, held: row.held as Counts } : EMPTY_CELL
    const { published, held } = change(question, before)
    const data = { published: { ...published }, held: { ...held } }
    await tx.surveyCell.upsert({
      where: { agencyId_questionnaireVersion_question: { agencyId, questionnaireVersion, question } },
      create: { agencyId, questionnaireVersion, question, ...data },
      update: data,
      select: { question: true },
    })
  }
}

export const hasReceipt = async (numberHash: Uint8Array<ArrayBuffer>): Promise<boolean> =>
  (await db.surveyReceipt.count({ where: { numberHash } })) === 1

/** What is public of one question at one agency. What is held is not read: nothing that is loaded can leak it. */
export interface PublicCell {
  readonly agencyId: string
  readonly version: number
  readonly question: string
  readonly counts: Counts
}

/** The public cells of one question at every agency, or of every question at one. */
export async function publicCells(
  of: { readonly question: string } | { readonly agencyId: string },
): Promise<PublicCell[]> {
  const rows = await db.surveyCell.findMany({
    where: of,
    select: { agencyId: true, questionnaireVersion: true, question: true, published: true },
  })
  return rows.map(({ questionnaireVersion, published, ...rest }) => ({
    ...rest,
    version: questionnaireVersion,
    counts: published as Counts,
  }))
}

/** Deletes the keys of years before this one, and with each the hashes that were made with it. */
export const forgetDossierKeys = async (now: Instant): Promise<number> =>
  (await db.dossierKey.deleteMany({ where: { year: { lt: Number(localDate(now).slice(0, 4)) } } })).count

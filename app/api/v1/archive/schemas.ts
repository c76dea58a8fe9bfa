import { z } from 'zod'
import { MONTH } from '#features/results/rules.ts'
import type { AnswerOf } from '#lib/answer.ts'

const month = z.string().regex(MONTH)
const day = z.iso.date()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const licence = z.string()
const count = z.int().min(0)
const share = z.number().min(0).max(1).nullable()
const fives = z.int().min(0).multipleOf(5)

export const archiveMonthSchema = z.object({ month: z.string().describe('`YYYY-MM`') })

const SNAPSHOT = {
  month: month.describe('in which it was taken: at the first look at all tables'),
  takenOn: day,
  sha256: sha256.describe('of the snapshot, which is kept at `/log/figures/{sha256}.json`'),
  page: z.string().describe('its address, which stays'),
}

export const archiveSchema = z
  .object({ licence, snapshots: z.array(z.object(SNAPSHOT)).describe('the newest first') })
  .meta({ id: 'Archive' })
export type ArchiveAnswer = AnswerOf<typeof archiveSchema>

export const snapshotSchema = z
  .object({
    ...SNAPSHOT,
    licence,
    citation: z.object({ vi: z.string(), en: z.string(), bibtex: z.string() }),
    dispersion: z
      .object({ factor: z.number().min(1), compared: z.number().min(1) })
      .describe('that figures were told with on this day'),
    agencies: z.array(z.object({ id: z.string(), vi: z.string(), en: z.string() })),
    tables: z
      .array(z.object({ table: z.string(), sha256 }))
      .describe('every public table; each is kept at `/log/figures/{sha256}.json`'),
  })
  .meta({ id: 'Snapshot' })
export type SnapshotAnswer = AnswerOf<typeof snapshotSchema>

export const archivedAnswersSchema = z
  .object({
    ...{ month, licence },
    answers: z.array(
      z.object({
        ...{ agency: z.string(), name_vi: z.string().nullable(), name_en: z.string().nullable() },
        ...{ questionnaire: z.int().min(1), question: z.string(), option: z.string() },
        ...{ count, respondents: count, share, low: share, high: share, as_of: day },
      }),
    ),
  })
  .meta({ id: 'ArchivedAnswers' })
export type ArchivedAnswers = AnswerOf<typeof archivedAnswersSchema>

export const archivedBlockingSchema = z
  .object({
    ...{ month, licence },
    rows: z.array(
      z.object({
        month: month.describe('of the reports and acts'),
        area: z.string().describe('the police area’s id; empty: the city, all areas added up'),
        ...{ robbed: fives, snatched: fives, stolen: fives, lost: fives, reported: fives },
        blocked_in_time: fives.describe('of those reported, blocked by every carrier within 14 days'),
        ...{ verified: fives, blocked: fives, recovered: fives, wrong: fives },
      }),
    ),
  })
  .meta({ id: 'ArchivedBlocking' })
export type ArchivedBlocking = AnswerOf<typeof archivedBlockingSchema>

export const ARCHIVE_COLUMNS = Object.keys(archivedAnswersSchema.shape.answers.element.shape)
export const BLOCKING_COLUMNS = Object.keys(archivedBlockingSchema.shape.rows.element.shape)

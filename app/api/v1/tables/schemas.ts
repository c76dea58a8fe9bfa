import { z } from 'zod'
import { isTableName } from '#features/audit/published/rules.ts'
import type { AnswerOf } from '#lib/answer.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const month = z.string().regex(/^\d{4}-\d{2}$/)
const count = z.int().min(0)
const tableName = z.string().refine(isTableName)

export const tablePathSchema = z.object({
  table: z.string().describe('its name, as the list of tables has it'),
})

export const tablesSchema = z
  .object({
    tables: z.array(
      z.object({
        table: tableName.describe(
          '`results.AGENCY.MONTH`, `results.AGENCY.splits`, `volumes.MONTH`, `figures.MONTH`, `archive.MONTH` or `report.ID`',
        ),
        sha256: sha256.describe('of what it says; kept at `/log/figures/{sha256}.json`'),
        at: z.iso.datetime().describe('when the log got its entry'),
      }),
    ),
    receipts: z
      .array(
        z.object({
          month,
          root: z.base64().describe('of the tree of its receipts (RFC 6962), in the order of their hashes'),
          receipts: count,
          allReceipts: count.describe(
            'of every month: as many as the answers that are counted, wait and are excluded',
          ),
          counted: count,
          waiting: count,
          excluded: count,
          at: z.iso.datetime(),
        }),
      )
      .describe(
        'the months of the survey that are over, the newest first; each is an entry `survey.receipts_root`',
      ),
  })
  .meta({ id: 'PublicTables' })
export type TablesAnswer = AnswerOf<typeof tablesSchema>

const counts = z.record(z.string(), z.int().min(0)).describe('people by option')
const counted = {
  questionnaire: z.int().min(1),
  question: z.string(),
  respondents: z.int().min(0),
  counts,
}
const facts = z.record(z.string(), z.union([z.number(), z.string(), z.null()]))

export const publishedTableSchema = z
  .union([
    z.object({
      agency: z.string(),
      month,
      questions: z.array(z.object(counted)).describe('what became public in the month'),
      sameNetwork: z.int().min(0),
      kiosks: z.array(z.object({ week: z.iso.date(), ...counted })),
    }),
    z.object({
      agency: z.string(),
      codes: z.object({ withCode: counts, withoutCode: counts }),
      channels: z.record(z.string(), counts),
      invited: z
        .array(
          z.object({
            month,
            version: z.int().min(1),
            question: z.string(),
            respondents: z.int().min(10),
            counts,
            weighted: z.record(z.string(), z.number()).describe('shares by option, weighted'),
            effective: z.number(),
          }),
        )
        .optional()
        .describe('what became public of people who were drawn and invited'),
    }),
    z.object({ month, volumes: z.array(facts) }),
    z.object({
      month,
      takenOn: z.iso.date(),
      dispersion: z.record(z.string(), z.number()),
      agencies: z.array(facts),
      tables: z.array(z.object({ table: z.string(), sha256 })),
    }),
    z.object({ month, city: facts, areas: z.array(facts), hours: z.array(facts), carriers: z.array(facts) }),
  ])
  .meta({ id: 'PublicTable' })

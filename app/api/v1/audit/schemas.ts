import { z } from 'zod'
import type { AnswerOf } from '#lib/answer.ts'

const count = z.coerce.number().int().max(Number.MAX_SAFE_INTEGER)

/** Exactly one of the three parameters. */
export const proofQuerySchema = z.union([
  z.strictObject({ from: count.min(1).describe('the size of an older checkpoint: a proof of consistency') }),
  z.strictObject({ index: count.min(0).describe('an entry’s place: a proof of inclusion') }),
  z.strictObject({
    entry: count.min(1).describe('an entry’s number: the same, with its place and the hash of its leaf'),
  }),
])
export type ProofQuery = z.output<typeof proofQuerySchema>

const hash = z.base64()

export const auditProofSchema = z
  .object({
    index: z.int().min(0).optional().describe('with `entry`: its place'),
    leaf: hash.optional().describe('with `entry`: the hash of its leaf'),
    size: z.int().min(1).describe('the entries of the newest checkpoint'),
    proof: z.array(hash),
    checkpoint: z.string(),
    breaks: z
      .int()
      .min(0)
      .describe('how many breaks of the log are stated (/api/v1/audit/breaks): no proof leads across one'),
  })
  .meta({ id: 'AuditProof' })
export type AuditProof = AnswerOf<typeof auditProofSchema>

const treeHead = z.object({ size: z.int().min(0), root: hash })

export const auditBreaksSchema = z
  .object({
    breaks: z.array(
      z.object({
        history: z.int().min(2).describe('the history of the log that begins'),
        ended: treeHead.describe('the last published head of the history before'),
        from: treeHead.describe('the last head that both have'),
        lost: z.int().min(0).describe('published entries that the log no longer has'),
        keys: z
          .object({ before: z.string(), next: z.string() })
          .nullable()
          .describe('where the log goes on under another name or key: both, as verifier keys'),
        at: z.iso.datetime(),
        reason: z.string(),
        note: z.string().describe('all of that as a signed note (C2SP signed-note)'),
      }),
    ),
  })
  .meta({ id: 'AuditBreaks' })
export type AuditBreaks = AnswerOf<typeof auditBreaksSchema>

import { z } from 'zod'
import type { AnswerOf } from '#lib/answer.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { digits } from '../interface/rules.ts'

/** The files of one sequence, named as in DIRBS Core: the whole list, and the changes since another sequence. */
export const DELTAS = ['blocked', 'unblocked', 'changed'] as const
export type Delta = (typeof DELTAS)[number]
export const LIST_FILES = ['list', ...DELTAS] as const
export type ListFileName = (typeof LIST_FILES)[number]

/** IMEI digits in a carrier's list: with or without the check digit. */
export const IMEI_DIGITS = [15, 14] as const
export type ImeiDigits = (typeof IMEI_DIGITS)[number]
export const imeiDigits = (value: number): ImeiDigits => (value === 14 ? 14 : 15)

/** The query for the files in force at `seq`, changed after `since`; `digits` defaults to the carrier's own setting. */
export const filesSchema = z
  .object({
    seq: digits.describe('a sequence of your book'),
    since: digits.default(0).describe('what the deltas begin from; not beyond the sequence'),
    digits: z
      .enum(['14', '15'], 'must be 14 or 15')
      .transform((text) => imeiDigits(Number(text)))
      .pipe(z.literal(IMEI_DIGITS))
      .optional()
      .describe('of each IMEI; as the relay has set it for you when left out'),
  })
  .refine(({ seq, since }) => since <= seq, { path: ['since'], error: 'must not be beyond the sequence' })

export const filePathSchema = z.object({
  file: z.enum(LIST_FILES).describe(`${DELTAS.join(', ')} since \`since\`, or the whole list`),
})

const listedFileSchema = z.object({
  name: z.enum(LIST_FILES),
  rows: z.int().min(0).describe('without the header'),
  bytes: z.int().min(0),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('of the whole file as it is before any content coding'),
})
export type ListFacts = Omit<AnswerOf<typeof listedFileSchema>, 'name'>

export const manifestSchema = z
  .object({
    carrier: z.string(),
    seq: z.int().min(0).describe('the list is in force at this sequence of your book'),
    from: z.int().min(0).describe('what changed after this one'),
    digits: z.literal(IMEI_DIGITS).describe('of each IMEI; without its check digit it has 14'),
    files: z.array(listedFileSchema),
  })
  .meta({
    id: 'Manifest',
    description:
      'What the files of a sequence are. It has no time in it: the same question always has the same answer.',
  })
export type Manifest = AnswerOf<typeof manifestSchema>

export const keySetSchema = z
  .object({
    keys: z.array(
      z
        .object({
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          x: z.string(),
          kid: z.string(),
          alg: z.literal('EdDSA'),
          use: z.literal('sig'),
        })
        .describe('Ed25519, RFC 8037; `kid` is its thumbprint by RFC 7638.'),
    ),
  })
  .meta({
    id: 'KeySet',
    description: 'RFC 7517. The key of today comes first; beside it the one before or the next.',
  })
export type KeySet = AnswerOf<typeof keySetSchema>

/** Returns the signed text. It is canonical and has no time, so the same manifest always gives the same text. */
export const writeManifest = (manifest: Manifest): string => canonicalJson(manifest)

import { z } from 'zod'
import { canonicalJson } from '../canonical-json.ts'
import { digits } from './interface.ts'

/** The files of one sequence, named as DIRBS Core names its lists: the whole, and what changed since another. */
export const DELTAS = ['blocked', 'unblocked', 'changed'] as const
export type Delta = (typeof DELTAS)[number]
export const LIST_FILES = ['list', ...DELTAS] as const
export type ListFileName = (typeof LIST_FILES)[number]

/** How many digits of an IMEI a carrier's list has: with its check digit, or without. */
export const IMEI_DIGITS = [15, 14] as const
export type ImeiDigits = (typeof IMEI_DIGITS)[number]
export const imeiDigits = (value: number): ImeiDigits => (value === 14 ? 14 : 15)

/** Which files: in force at `seq`, changed after `since`, with so many digits (the carrier's own, when null). */
export const filesSchema = z
  .object({
    seq: digits,
    since: digits.default(0),
    digits: z
      .enum(['14', '15'], 'must be 14 or 15')
      .transform((text) => imeiDigits(Number(text)))
      .nullable()
      .default(null),
  })
  .refine(({ seq, since }) => since <= seq, { path: ['since'], error: 'must not be beyond the sequence' })

export const filePathSchema = z.object({ file: z.enum(LIST_FILES) })

/** What a file is, without its content. */
export interface ListFacts {
  /** Without the header. */
  readonly rows: number
  readonly bytes: number
  /** Hexadecimal, of the whole file. */
  readonly sha256: string
}

export interface ListedFile extends ListFacts {
  readonly name: ListFileName
}

export interface Manifest {
  readonly carrier: string
  readonly seq: number
  /** What the deltas begin from. */
  readonly from: number
  readonly digits: ImeiDigits
  readonly files: readonly ListedFile[]
}

/** The bytes that are signed: one form for one manifest, without a time, so that it can be had again. */
export const writeManifest = (manifest: Manifest): string => canonicalJson(manifest)

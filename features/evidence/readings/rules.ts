import type { ImeiKey } from '#lib/imei/imei.ts'
import type { Box } from '#lib/imei/pixels.ts'
import type { Instant } from '#lib/time.ts'

export interface ReadImei {
  /** 15 digits with their check digit. */
  readonly imei: string
  readonly key: ImeiKey
  /** The page of a PDF, from 1; 1 for a picture. */
  readonly page: number
  /** How a machine found it: in the lines of a barcode, or in printed letters. */
  readonly method: 'barcode' | 'text'
  /** Marks its place on the upright page; null for the text that a PDF brings along. */
  readonly box: Box | null
}

/** Kept with what was read. Raise it where the reader finds more than before. */
export const READER_VERSION = 2

/** The end of a reading: `unreadable` cannot be decoded, `given_up` took too long or too much memory each time. */
export type ReadingOutcome = 'read' | 'unreadable' | 'given_up'

/** The reading of one file; `outcome` is null until it was read. */
export interface FileReading {
  readonly evidenceId: string
  readonly outcome: ReadingOutcome | null
  /** Pages of the file, and how many of them were looked at; null before it was read. */
  readonly pages: number | null
  readonly pagesRead: number | null
  readonly readAt: Instant | null
  readonly found: readonly ReadImei[]
}

/**
 * Compares a file with a claim: `agrees` names a claimed IMEI, `differs` names others alone, `unclaimed` names some where
 * none is claimed yet, `nothing` names none.
 */
type Agreement = 'agrees' | 'differs' | 'unclaimed' | 'nothing'

/**
 * Compares the numbers read in one file with the claim. A number beside a claimed one is no contradiction: a phone with
 * two SIMs has two, and an invoice may list several phones.
 */
export function agreementOf(claimed: readonly ImeiKey[], found: readonly Pick<ReadImei, 'key'>[]): Agreement {
  if (found.length === 0) return 'nothing'
  if (claimed.length === 0) return 'unclaimed'
  return found.some(({ key }) => claimed.includes(key)) ? 'agrees' : 'differs'
}

/**
 * The hint beside the checklist's question about the IMEI: as {@link Agreement}, and `both` where one file agrees and
 * another differs, `unread` where nothing was found and some files are not read yet.
 */
export type ReadingHint = Agreement | 'both' | 'unread'

export function hintOf(claimed: readonly ImeiKey[], files: readonly FileReading[]): ReadingHint | null {
  if (files.length === 0) return null
  const said = new Set(files.map(({ found }) => agreementOf(claimed, found)))
  if (said.has('agrees')) return said.has('differs') ? 'both' : 'agrees'
  if (said.has('differs')) return 'differs'
  if (said.has('unclaimed')) return 'unclaimed'
  return files.some(({ outcome }) => outcome === null) ? 'unread' : 'nothing'
}

export function unclaimedPhones(claimed: readonly ImeiKey[], files: readonly FileReading[]): ReadImei[] {
  const others = files.flatMap(({ found }) => found).filter(({ key }) => !claimed.includes(key))
  return [...new Map(others.toReversed().map((one) => [one.key, one])).values()].toReversed()
}

export interface ComparedReading extends FileReading {
  readonly says: Agreement
}

/** Holds the readings of a case's evidence, compared with the claim. */
export interface ProofReading {
  readonly hint: ReadingHint | null
  readonly files: readonly ComparedReading[]
  /** Phones that were read and are not claimed. */
  readonly others: readonly ReadImei[]
}

import type { ImeiKey } from '#lib/imei/imei.ts'
import type { Box } from '#lib/imei/pixels.ts'
import type { Instant } from '#lib/time.ts'

export interface ReadImei {
  /** 15 digits with the check digit. */
  readonly imei: string
  readonly key: ImeiKey
  /** Page of a PDF, from 1; 1 for a picture. */
  readonly page: number
  readonly method: 'barcode' | 'text'
  /** Its place on the upright page; null for text embedded in a PDF. */
  readonly box: Box | null
}

/** Stored with each reading. Raise it when the reader finds more than before. */
export const READER_VERSION = 2

/** How a reading ended: `unreadable` cannot be decoded, `given_up` took too long or too much memory each time. */
export type ReadingOutcome = 'read' | 'unreadable' | 'given_up'

/** The reading of one file; `outcome` is null until it was read. */
export interface FileReading {
  readonly evidenceId: string
  readonly outcome: ReadingOutcome | null
  /** Pages of the file, and how many of them were read; null before the reading. */
  readonly pages: number | null
  readonly pagesRead: number | null
  readonly readAt: Instant | null
  readonly found: readonly ReadImei[]
}

/**
 * How a file compares with the claim: `agrees` shows a claimed IMEI, `differs` shows only others, `unclaimed` shows some while
 * none is claimed yet, `nothing` shows none.
 */
type Agreement = 'agrees' | 'differs' | 'unclaimed' | 'nothing'

/**
 * Compares the numbers read in one file with the claim. Another number beside a claimed one is no contradiction: a phone with two
 * SIMs has two IMEIs, and an invoice may list several phones.
 */
export function agreementOf(claimed: readonly ImeiKey[], found: readonly Pick<ReadImei, 'key'>[]): Agreement {
  if (found.length === 0) return 'nothing'
  if (claimed.length === 0) return 'unclaimed'
  return found.some(({ key }) => claimed.includes(key)) ? 'agrees' : 'differs'
}

/**
 * The hint beside the checklist's question about the IMEI: an {@link Agreement}, or `both` if one file agrees and another
 * differs, or `unread` if nothing was found and some files are not read yet.
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

export interface ProofReading {
  readonly hint: ReadingHint | null
  readonly files: readonly ComparedReading[]
  /** Phones that were read but not claimed. */
  readonly others: readonly ReadImei[]
}

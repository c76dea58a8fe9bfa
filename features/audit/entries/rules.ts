import { canonicalJson } from '#lib/canonical-json.ts'
import { toBase64 } from '#lib/transparency/base64.ts'

/** One entry of the audit log as it was written. It never holds personal data. */
export interface AuditEntry {
  /**
   * The version of the form in which its leaf is written. A new form gets a new number, and sealed entries keep theirs.
   */
  readonly v: number
  /** A decimal number; a text, for it may be larger than what a number holds. */
  readonly id: string
  readonly at: Date
  readonly actorKind: string
  readonly actorId: string | null
  readonly act: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly requestId: string | null
  readonly facts: unknown
  readonly caseId: string | null
  /** The hashes of that case before and after the act. Only the case's own key can make them (`caseHash`). */
  readonly beforeHash: Uint8Array | null
  readonly afterHash: Uint8Array | null
}

/** The version of new entries, with their case and its hashes. Version 1 has neither. */
export const ENTRY_VERSION = 2

const hashOf = (hash: Uint8Array | null): string | null => hash && toBase64(hash)

/**
 * Returns the bytes of an entry in the tree: canonical JSON (RFC 8785) of one object, in UTF-8. It has every field,
 * empty ones as null, and times in ISO form with milliseconds.
 */
export function leafOf(entry: AuditEntry): Uint8Array {
  const { v, id, at, actorKind, actorId, act, subjectKind, subjectId, requestId, facts } = entry
  const since2 = {
    caseId: entry.caseId,
    beforeHash: hashOf(entry.beforeHash),
    afterHash: hashOf(entry.afterHash),
  }
  // Version 1 has no such fields: where one was added to an old entry, its hash shows it.
  const hasThem = v !== 1 || Object.values(since2).some((value) => value !== null)
  return new TextEncoder().encode(
    canonicalJson({
      v,
      id,
      // For a time out of range the driver returns no date: the hash must then differ, and not fail.
      at: at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : String(at),
      actorKind,
      actorId,
      act,
      subjectKind,
      subjectId,
      requestId,
      facts,
      ...(hasThem && since2),
    }),
  )
}

/**
 * Tells whether a value is too much for a table: a text of several lines, such as the signed note of a resumed log, or
 * the hashes of what an act left behind.
 */
const isLong = (value: unknown): boolean =>
  typeof value === 'object' || (typeof value === 'string' && value.includes('\n'))

/**
 * Returns the details of a log line that are not empty. For a table it leaves out what is long, which the entry's own page shows.
 */
export const writtenFacts = (facts: unknown, inTable: boolean): [string, unknown][] =>
  Object.entries(typeof facts === 'object' && facts !== null ? facts : {}).filter(
    ([, value]) => value !== null && !(inTable && isLong(value)),
  )

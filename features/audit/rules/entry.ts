import { canonicalJson } from '#lib/canonical-json.ts'
import { toBase64 } from '#lib/transparency/base64.ts'

/** One entry of the audit log, as it was written; it never holds anything personal. */
export interface AuditEntry {
  /** The number of the way its leaf is written: another way is another number, and what is sealed keeps its own. */
  readonly v: number
  /** A decimal number; a text, for it may be larger than what a number holds. */
  readonly id: string
  readonly at: Date
  readonly actorKind: string
  readonly actorId: string | null
  /** `noun.verb`. */
  readonly act: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly requestId: string | null
  readonly facts: unknown
  /** The case whose story it belongs to. */
  readonly caseId: string | null
  /** The hashes of that case before and after, which only its own key can make (`caseHash`). */
  readonly beforeHash: Uint8Array | null
  readonly afterHash: Uint8Array | null
}

/** The version of new entries: with their case and its hashes, which those of version 1 do not have. */
export const ENTRY_VERSION = 2

const hashOf = (hash: Uint8Array | null): string | null => hash && toBase64(hash)

/**
 * Returns the bytes of an entry in the tree: canonical JSON (RFC 8785) of one object, in UTF-8. Every field is in it,
 * those that are empty as null, times in ISO form with milliseconds.
 */
export function leafOf(entry: AuditEntry): Uint8Array {
  const { v, id, at, actorKind, actorId, act, subjectKind, subjectId, requestId, facts } = entry
  const since2 = {
    caseId: entry.caseId,
    beforeHash: hashOf(entry.beforeHash),
    afterHash: hashOf(entry.afterHash),
  }
  // What an entry of version 1 cannot have is seen where somebody put it.
  const hasThem = v !== 1 || Object.values(since2).some((value) => value !== null)
  return new TextEncoder().encode(
    canonicalJson({
      v,
      id,
      // What a driver gives for a time beyond all time is no date: it must differ, not fail.
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

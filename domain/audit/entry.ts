/** One entry of the audit log, as it was written; it never holds anything personal. */
export interface AuditEntry {
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
}

/** How leaves are written; another way of writing them would be another number. */
const VERSION = 1

/**
 * The bytes of an entry in the tree: canonical JSON (RFC 8785) of one object, in UTF-8. Every field is in it, those
 * that are empty as null, times in ISO form with milliseconds.
 */
export function leafOf(entry: AuditEntry): Uint8Array {
  const { id, at, actorKind, actorId, act, subjectKind, subjectId, requestId, facts } = entry
  return new TextEncoder().encode(
    canonical({
      v: VERSION,
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
    }),
  )
}

/** RFC 8785: no spaces, keys sorted by UTF-16 code units; numbers and texts as ECMAScript writes them. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}

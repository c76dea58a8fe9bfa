import { canonicalJson } from '#lib/canonical-json.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { type Digest, type Hash, leafHash, type Sha256 } from '#lib/transparency/tree.ts'

/** One entry of the audit log as it was written. Never personal data. */
export interface AuditEntry {
  /** The version of the leaf's format. A new format gets a new number; sealed entries keep theirs. */
  readonly v: number
  /** A decimal number, as text because it may exceed the safe integers. */
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
  /** The hashes of that case before and after the act. They need the case's own key (`caseHash`). */
  readonly beforeHash: Uint8Array | null
  readonly afterHash: Uint8Array | null
}

/**
 * The version of new entries. Since version 2 they have the case and its hashes; since version 3 the tree has only the hash of
 * their text, see {@link isCommitted}.
 */
export const ENTRY_VERSION = 3
/** The first version of which the tree has only the hash of the text. */
export const COMMITTED_SINCE = 3

/** Acts whose whole entries are public in the log's files: they reveal nothing about a person, an account or a case. */
const PUBLIC_ACTS: ReadonlySet<unknown> = new Set([
  'audit.resumed',
  'figures.published',
  'survey.receipts_root',
  'survey.report_ready',
])

/**
 * Checks whether the tree has only the SHA-256 of an entry's text. So the log's public files contain the entry without revealing
 * it. The random request id in the text prevents guessing.
 */
export function isCommitted(text: string): boolean {
  try {
    const { v, act } = JSON.parse(text)
    return v >= COMMITTED_SINCE && !PUBLIC_ACTS.has(act)
  } catch {
    return false
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Returns an entry's bytes in the tree, which are public. */
export const publicBytes = (sha256: Sha256, text: string): Uint8Array =>
  isCommitted(text) ? sha256(encode(text)) : encode(text)

export const hashOfLeaf = (sha256: Sha256, text: string): Hash => leafHash(sha256, publicBytes(sha256, text))

/** Does the same as {@link hashOfLeaf} with asynchronous hashing, as in a browser. */
export const digestOfLeaf = async (sha256: Digest, text: string): Promise<Hash> =>
  leafHash(sha256, isCommitted(text) ? await sha256(encode(text)) : encode(text))

const hashOf = (hash: Uint8Array | null): string | null => hash && toBase64(hash)

/**
 * Returns an entry's text, from which its leaf is made: one object in canonical JSON (RFC 8785). It has every field, empty ones
 * as null, and times in ISO form with milliseconds.
 */
export function textOf(entry: AuditEntry): string {
  const { v, id, at, actorKind, actorId, act, subjectKind, subjectId, requestId, facts } = entry
  const since2 = {
    caseId: entry.caseId,
    beforeHash: hashOf(entry.beforeHash),
    afterHash: hashOf(entry.afterHash),
  }
  // Version 1 has no such fields. If one was added to an old entry later, the text includes it, so that the hash differs.
  const hasThem = v !== 1 || Object.values(since2).some((value) => value !== null)
  return canonicalJson({
    v,
    id,
    // The driver returns no date for a time out of range: the hash must then differ, not fail.
    at: at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : String(at),
    actorKind,
    actorId,
    act,
    subjectKind,
    subjectId,
    requestId,
    facts,
    ...(hasThem && since2),
  })
}

/** Values too long for a table: objects, and texts of several lines, such as the signed note of a resumed log. */
const isLong = (value: unknown): boolean =>
  typeof value === 'object' || (typeof value === 'string' && value.includes('\n'))

/** Returns the non-empty facts of an entry. A table leaves out long ones, which the entry's own page shows. */
export const writtenFacts = (facts: unknown, inTable: boolean): [string, unknown][] =>
  Object.entries(typeof facts === 'object' && facts !== null ? facts : {}).filter(
    ([, value]) => value !== null && !(inTable && isLong(value)),
  )

import { canonicalJson } from '#lib/canonical-json.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { type Digest, type Hash, leafHash, type Sha256 } from '#lib/transparency/tree.ts'

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

/**
 * The version of new entries. Version 2 has their case and its hashes; version 3 stands in the tree as the hash of its
 * text, see {@link isCommitted}.
 */
export const ENTRY_VERSION = 3
/** The first version that stands in the tree as the hash of its text. */
export const COMMITTED_SINCE = 3

/** The acts whose entries are public whole in the log's files: they tell nothing of a person, an account or a case. */
const PUBLIC_ACTS: ReadonlySet<unknown> = new Set([
  'audit.resumed',
  'figures.published',
  'survey.receipts_root',
  'survey.report_ready',
])

/**
 * Tells whether an entry stands in the tree as the SHA-256 of its text, so that the log's public files hold it without
 * telling what it says. The random request id in the text keeps it from being guessed.
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

/** Returns the bytes of an entry in the tree, from its text: these are public. */
export const publicBytes = (sha256: Sha256, text: string): Uint8Array =>
  isCommitted(text) ? sha256(encode(text)) : encode(text)

export const hashOfLeaf = (sha256: Sha256, text: string): Hash => leafHash(sha256, publicBytes(sha256, text))

/** Does the same as {@link hashOfLeaf} where hashes come later, as in a browser. */
export const digestOfLeaf = async (sha256: Digest, text: string): Promise<Hash> =>
  leafHash(sha256, isCommitted(text) ? await sha256(encode(text)) : encode(text))

const hashOf = (hash: Uint8Array | null): string | null => hash && toBase64(hash)

/**
 * Returns the text of an entry, of which its leaf is made: canonical JSON (RFC 8785) of one object. It has every field,
 * empty ones as null, and times in ISO form with milliseconds.
 */
export function textOf(entry: AuditEntry): string {
  const { v, id, at, actorKind, actorId, act, subjectKind, subjectId, requestId, facts } = entry
  const since2 = {
    caseId: entry.caseId,
    beforeHash: hashOf(entry.beforeHash),
    afterHash: hashOf(entry.afterHash),
  }
  // Version 1 has no such fields: where one was added to an old entry, its hash shows it.
  const hasThem = v !== 1 || Object.values(since2).some((value) => value !== null)
  return canonicalJson({
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
  })
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

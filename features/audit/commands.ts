import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { currentRequestId } from '#platform/request.ts'
import { appendEntry, type NewAuditEntry } from './repository/entries.ts'
import type { AuditAct, SubjectKind } from './rules/acts.ts'
import { ENTRY_VERSION } from './rules/entry.ts'

export interface AuditedAct {
  readonly actor: { readonly kind: Actor['kind']; readonly id?: string }
  readonly act: AuditAct
  readonly subject: {
    readonly kind: SubjectKind
    readonly id: string
  }
  /** States, versions, codes, and reasons that everybody reads: never anything personal. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  /** The case whose story it belongs to, where the subject is another thing than the case itself. */
  readonly caseId?: string
  /** The hashes of that case before the act and after it, where the act changed it: see `caseHash`. */
  readonly before?: Uint8Array<ArrayBuffer>
  readonly after?: Uint8Array<ArrayBuffer>
  readonly at: Instant
}

/** The kinds of subjects whose own id is their case's: a draft becomes the case of the same id. */
const CASES: readonly SubjectKind[] = ['case', 'draft']

/** Writes an entry of the audit log, in the transaction of the act itself. There is no other way into the log. */
export const audit = (tx: Tx, act: AuditedAct): Promise<void> => appendEntry(tx, entryOf(act))

/** Returns the entry that tells of an act. */
export function entryOf(act: AuditedAct): NewAuditEntry {
  return {
    at: act.at,
    actorKind: act.actor.kind,
    actorId: act.actor.id ?? null,
    act: act.act,
    subjectKind: act.subject.kind,
    subjectId: act.subject.id,
    // The hash of every entry is public: without something random in it what it says could be guessed and tried.
    requestId: currentRequestId() ?? randomUUID(),
    facts: act.facts ?? {},
    v: ENTRY_VERSION,
    caseId: CASES.includes(act.subject.kind) ? act.subject.id : (act.caseId ?? null),
    beforeHash: act.before ?? null,
    afterHash: act.after ?? null,
  }
}

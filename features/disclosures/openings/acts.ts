import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import {
  DISCLOSURE_LIFE,
  type DisclosureInput,
  type DisclosureReason,
} from '#features/cases/disclosure/rules.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import { rawQuery, sql, type Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { recordLookup } from '../lookups/acts.ts'
import { lockAccount } from '../lookups/data.ts'
import { notePlace } from './data.ts'

export type DisclosureRefusal = 'forbidden' | 'not_found' | 'note_missing'

export type Side = Pick<OpeningRequest, 'key' | 'of' | 'files'>

/**
 * Opens papers and contacts to police for half an hour of their session. The people concerned read the reason on their own
 * pages. `sidesOf` finds what to open; null: nothing within the scope.
 */
export async function openProof(
  reader: StaffReader,
  of: 'case' | 'objection',
  { submitKey, reason, note: typed }: DisclosureInput,
  sidesOf: (tx: Tx, scope: CaseScope) => Promise<readonly Side[] | null>,
  now: Instant,
): Promise<Result<true, DisclosureRefusal>> {
  const scope = staffScope(reader)
  if (!scope || !may(reader.role, 'case:disclose')) return err('forbidden')
  const note = typed.trim()
  if (reason === 'other' && note === '') return err('note_missing')
  return inScope(scope, () =>
    actOnce<true, DisclosureRefusal>(submitKey, `${of}.disclose:${reader.id}`, now, async (tx) => {
      const sides = await sidesOf(tx, scope)
      if (sides === null) return err('not_found')
      for (const side of sides) await openPapers(tx, reader, { ...side, reason, note }, now)
      return ok(true)
    }),
  )
}

interface OpeningRequest {
  readonly key: CaseKey
  /** The owner of the key; a case by default. */
  readonly of?: 'case' | 'objection'
  readonly reason: DisclosureReason
  readonly note: string
  readonly files: number
}

/**
 * Opens one case's papers and contact to a reader, in the caller's transaction. If it is open already and the evidence is
 * unchanged, does nothing. The caller checks the permission.
 */
export async function openPapers(
  tx: Tx,
  reader: StaffReader,
  { key, of = 'case', reason, note, files }: OpeningRequest,
  now: Instant,
): Promise<void> {
  const { caseId } = key
  await lockAccount(tx, reader.id)
  const lock = sql`SELECT proof_version AS version FROM case_keys WHERE case_id = ${caseId}::uuid FOR SHARE`
  const [row] = await rawQuery<{ version: number }>(tx, lock)
  if (!row) throw new Error('an opening without a key')
  const proofVersion = row.version
  const open = { sessionId: reader.sessionId, caseId, proofVersion, until: { gt: now } }
  if (await tx.disclosure.findFirst({ where: open, select: { id: true } })) return
  const id = randomUUID()
  await tx.disclosure.create({
    data: {
      ...{ id, caseId, reason, proofVersion },
      ...{ accountId: reader.id, sessionId: reader.sessionId, role: reader.role, unitId: reader.unitId },
      ...{ openedAt: now, until: addMilliseconds(now, DISCLOSURE_LIFE) },
      note: note === '' ? null : seal(key, notePlace(id), note),
    },
    select: { id: true },
  })
  await audit(tx, {
    actor: reader,
    act: `${of}.disclose`,
    subject: { kind: of, id: caseId },
    facts: { opened: 'identity contact evidence', files, reason },
    at: now,
  })
  await recordLookup(tx, reader, now)
}

import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { findWhoClosedFound } from '#features/audit/entries/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { mayCollect } from '../moves/rules.ts'
import { findCase } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import {
  type FoundRecord,
  findFound,
  findKeptByKey,
  findUpload,
  isForHolder,
  listFoundAfter,
  listFoundOfCase,
} from './data.ts'
import type { FoundRow } from './rules.ts'

const PAGE = 25

const scopeOf = (actor: StaffActor) => (may(actor.role, 'found:manage') ? staffScope(actor) : null)

export async function listFoundPhones(
  actor: StaffActor,
  after: string | null,
): Promise<{ readonly phones: readonly FoundRecord[]; readonly next: string | null }> {
  const scope = scopeOf(actor)
  if (!scope) return { phones: [], next: null }
  const found = await listFoundAfter(scope, after, PAGE + 1)
  const phones = found.slice(0, PAGE)
  return { phones, next: found.length > PAGE ? (phones.at(-1)?.id ?? null) : null }
}

export type FoundFile = NonNullable<Awaited<ReturnType<typeof readFoundPhone>>>

export async function readFoundPhone(actor: StaffActor, id: string) {
  const scope = scopeOf(actor)
  const phone = scope && (await findFound(scope, id))
  if (!phone) return null
  const closed = phone.state === 'found' || phone.state === 'matched' ? null : phone.state
  const by = closed && (await findWhoClosedFound(id, closed))
  const names = await namesOf([...new Set([phone.addedById, by].filter((one) => one !== null))])
  const toHolder = phone.state === 'found' && (await isForHolder(phone))
  return {
    ...phone,
    addedBy: names.get(phone.addedById) ?? null,
    closedBy: names.get(by ?? '') ?? null,
    /** Its block was lifted for its holder, to whom it may be given. */
    toHolder,
  }
}

export async function findKeptPhone(actor: StaffActor, imei: string): Promise<FoundRecord | null> {
  const scope = scopeOf(actor)
  const read = parseImei(imei)
  return scope && read.ok ? findKeptByKey(scope, read.value.key) : null
}

/** Returns the phones of a case that police of any district have: the case's officers must know of them. */
export async function listFoundForCase(scope: CaseScope, caseId: string) {
  if ((await findCase(scope, { id: caseId })) === null) return []
  const phones = await listFoundOfCase(caseId)
  const by = await Promise.all(
    phones.map(({ id, state }) =>
      state === 'returned' ? findWhoClosedFound(id, state) : Promise.resolve(null),
    ),
  )
  const names = await namesOf([...new Set(by.filter((id) => id !== null))])
  return phones.map((phone, at) => ({ ...phone, handedOverBy: names.get(by[at] ?? '') ?? null }))
}

export const wasHandedOver = async (scope: CaseScope, caseId: string): Promise<boolean> =>
  scope.kind === 'one' &&
  scope.caseId === caseId &&
  (await listFoundOfCase(caseId)).some(({ state }) => state === 'returned')

/**
 * Returns the phones of a case that wait for its person, after the person was told. The place of a phone is shown only to a
 * person who has shown the secret, and to nobody while police check the claim again.
 */
export async function listWaitingPhones(
  scope: CaseScope,
  c: Pick<CaseSnapshot, 'id' | 'state' | 'held' | 'objectedAt' | 'overturnedAt'>,
): Promise<readonly FoundRecord[]> {
  if (scope.kind !== 'one' || scope.access !== 'full' || scope.caseId !== c.id) return []
  if (c.held !== null || (c.state !== 'verified' && !mayCollect(c))) return []
  const phones = await listFoundOfCase(c.id)
  return phones.filter(({ state, toldAt }) => state === 'matched' && toldAt !== null)
}

const SHOWN = 10

export async function readUploadPreview(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<{
  readonly good: number
  /** Phones that police keep already; they are skipped. */
  readonly kept: number
  readonly faulty: readonly FoundRow[]
  readonly sample: readonly FoundRow[]
} | null> {
  const upload = scopeOf(actor) && (await findUpload(id, actor.id, now))
  if (!upload) return null
  const keys = upload.rows.flatMap(({ read }) => (read.ok ? [read.value.key14] : []))
  const rows = await db.$queryRaw<{ key14: string }[]>`
    SELECT key14 FROM found_phones WHERE closed_at IS NULL AND key14 = ANY(${keys}::bpchar[])`
  const kept = new Set(rows.map(({ key14 }) => key14))
  const fresh = upload.rows.filter(({ read }) => read.ok && !kept.has(read.value.key14))
  return {
    good: fresh.length,
    kept: kept.size,
    faulty: upload.rows.filter(({ read }) => !read.ok),
    sample: fresh.slice(0, SHOWN),
  }
}

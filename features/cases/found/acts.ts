import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { lockPlaces } from '#features/areas/acts.ts'
import { keepingUnit } from '#features/areas/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { addMilliseconds, HOUR, type Instant, localDate } from '#lib/time.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { actOnce, keyFor, runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { moveCase } from '../moves/acts.ts'
import { mayCollect, OWNED, ruleOf } from '../moves/rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import {
  closeFound,
  type FoundBy,
  type FoundRecord,
  findFound,
  findUpload,
  followClaims,
  insertFound,
  insertUpload,
  listUntoldFoundPhones,
  markTold,
  removeOldFound,
  removeUpload,
} from './data.ts'
import { type FoundFaults, type FoundTyped, readFoundPhone, readFoundTable } from './rules.ts'

type AddFault = 'forbidden' | 'kept' | FoundFaults

/** Returns who adds a phone, with the unit that keeps it: for people of a unit that has ended, the one that answers now. */
export async function byOf(
  tx: Tx,
  { id: addedById, unitId }: StaffActor,
  addedAt: Instant,
): Promise<FoundBy> {
  if (unitId === null) return { unitId, addedById, addedAt }
  const { map } = await lockPlaces(tx)
  return { unitId: keepingUnit(map, unitId), addedById, addedAt }
}

/**
 * Writes down one phone that police keep from now on, and finds at once the case that claims it, in any district.
 * Returns the phone's id.
 */
export async function addFound(
  actor: StaffActor,
  input: { readonly typed: FoundTyped; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, AddFault>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  const read = readFoundPhone(input.typed, localDate(now))
  if (!read.ok) return read
  return inScope(systemScope(), () =>
    actOnce<string, AddFault>(input.submitKey, `found.add:${actor.id}`, now, async (tx) => {
      const [id] = await insertFound(tx, [read.value], await byOf(tx, actor, now))
      if (id === undefined) return err('kept')
      await followClaims(tx, { keys: [read.value.key14] })
      await enqueue(tx, 'found-tell', {})
      const subject = { kind: 'found', id } as const
      await audit(tx, { actor, act: 'found.add', subject, facts: { added: 1 }, at: now })
      return ok(id)
    }),
  )
}

/** The time that a file that was read waits to be confirmed. */
const UPLOAD_LIFE = 2 * HOUR

/** Reads a file of phones and keeps what it says, beside everything else, until its sender confirms it. */
export async function readUpload(
  actor: StaffActor,
  bytes: Uint8Array,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, CsvFault | 'forbidden' | 'no_imei' | 'too_large' | 'none'>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  const csv = await readCsv(bytes)
  if ('fault' in csv) return err(csv.fault)
  const rows = readFoundTable(csv.rows, localDate(now))
  if (rows === null) return err('no_imei')
  if (rows.length === 0) return err('empty')
  // The same file in the same form waits once.
  const id = keyFor(submitKey, actor.id, createHash('sha256').update(bytes).digest('hex'))
  await transaction((tx) =>
    insertUpload(tx, { id, rows, addedById: actor.id, expiresAt: addMilliseconds(now, UPLOAD_LIFE) }),
  )
  return ok(id)
}

/** Adds every phone of a file that could be read and is not kept yet, all or none; answers how many. */
export async function confirmUpload(
  actor: StaffActor,
  { uploadId, submitKey }: { readonly uploadId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<number, 'forbidden' | 'gone'>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  return inScope(systemScope(), () =>
    actOnce<number, 'gone'>(submitKey, `found.upload:${actor.id}`, now, async (tx) => {
      const upload = await findUpload(uploadId, actor.id, now, tx)
      // Of two forms sent at once, the later one finds the file gone.
      if (!upload || !(await removeUpload(tx, uploadId))) return err('gone')
      const phones = upload.rows.flatMap(({ read }) => (read.ok ? [read.value] : []))
      const { length: added } = await insertFound(tx, phones, await byOf(tx, actor, now))
      await followClaims(tx, { keys: phones.map(({ key14 }) => key14) })
      await enqueue(tx, 'found-tell', {})
      const facts = { rows: upload.rows.length, added }
      await audit(tx, {
        actor,
        act: 'found.upload',
        subject: { kind: 'found', id: uploadId },
        facts,
        at: now,
      })
      return ok(added)
    }),
  )
}

interface CloseInput {
  readonly phoneId: string
  readonly submitKey: string
}

export type CloseRefusal =
  | CaseRefusal
  | 'not_found'
  | 'closed'
  | 'not_matched'
  | 'matched'
  | 'not_approved'
  | 'wrong_id'

/**
 * Hands a phone over to the person whose block two people have approved and whose papers carry the number of the case's
 * person. The officer who keeps the phone, in any district, types that number and is told whether it matches, never the
 * number itself. Two people lift the block.
 */
export const returnPhone = (
  actor: StaffActor,
  input: CloseInput & { readonly nationalId: string },
  now: Instant,
): Promise<Result<true, CloseRefusal>> =>
  close(actor, 'returned', input, now, async (tx, phone) => {
    const c = phone.case
    if (c === null) return err('not_matched')
    if (c.held !== null) return err('held')
    if (!mayCollect(c.state)) return err('not_approved')
    const { particulars } = await openCaseFile(c, tx)
    const shown = compactCode(input.nationalId).toUpperCase()
    if (shown === '' || particulars.nationalId !== shown) return err('wrong_id')
    // Its unblock has begun already: there is nothing to start.
    if (!ruleOf('phone_returned').from.includes(c.state)) return ok(true)
    const move = { caseId: c.id, version: null, move: 'phone_returned', text: phone.custody } as const
    const moved = await moveCase(tx, systemScope(), actor, move, now)
    return moved.ok ? ok(true) : moved
  })

/** Ends the keeping of a phone that nobody came for and that is in no case. */
export const closeUnclaimed = (
  actor: StaffActor,
  input: CloseInput,
  now: Instant,
): Promise<Result<true, CloseRefusal>> =>
  close(actor, 'unclaimed', input, now, async (_, phone) => (phone.case === null ? ok(true) : err('matched')))

async function close(
  actor: StaffActor,
  state: 'returned' | 'unclaimed',
  { phoneId, submitKey }: CloseInput,
  now: Instant,
  settle: (tx: Tx, phone: FoundRecord) => Promise<Result<true, CloseRefusal>>,
): Promise<Result<true, CloseRefusal>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'found:manage')) return err('forbidden')
  return inScope(systemScope(), () =>
    actOnce<true, CloseRefusal>(submitKey, `found.${state}:${actor.id}`, now, async (tx) => {
      const phone = await findFound(scope, phoneId, tx)
      if (!phone) return err('not_found')
      if (phone.closedAt !== null) return err('closed')
      const settled = await settle(tx, phone)
      // Of two people who hand the phone over at once, the later one finds that its case has moved.
      if (!settled.ok) return (await findFound(scope, phoneId, tx))?.closedAt ? err('closed') : settled
      if (!(await closeFound(tx, phoneId, state, now))) return err('closed')
      const subject = { kind: 'found', id: phoneId } as const
      const facts = { case: phone.case?.id ?? null }
      await audit(tx, { actor, act: `found.${state}`, subject, facts, at: now })
      return ok(true)
    }),
  )
}

export const forgetFound = (now: Instant): Promise<number> =>
  removeOldFound(now, monthsBefore(now, retention().foundMonths))

/**
 * Tells the owners of matched phones where to come, once each: only those whom police have verified, for before that
 * anybody may have typed the number. Each is a transaction of its own; what fails is tried again by the next run.
 */
export const tellOwners = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), () => tellEach(now, signal))

async function tellEach(now: Instant, signal?: AbortSignal): Promise<number> {
  // A phone that was added while its case was being sent was matched by neither transaction: match it now.
  await transaction((tx) => followClaims(tx, { addedSince: addMilliseconds(now, -HOUR) }))
  let told = 0
  let after: string | null = null
  for (;;) {
    const page = await listUntoldFoundPhones(OWNED, after)
    for (const { id } of page) {
      if (signal?.aborted) return told
      if (await tellOwner(id, now)) told++
    }
    after = page.at(-1)?.id ?? null
    if (after === null) return told
  }
}

async function tellOwner(id: string, now: Instant): Promise<boolean> {
  try {
    const done = await runInTransaction<true, string>(async (tx) => {
      const phone = await markTold(tx, id, now)
      if (!phone?.caseId) return err('told')
      const words = { caseId: phone.caseId, version: null, move: 'phone_found', text: phone.custody } as const
      const moved = await moveCase(tx, systemScope(), { kind: 'system' }, words, now)
      return moved.ok ? ok(true) : moved
    })
    // Another run told them, or the case was moved meanwhile; any other refusal comes again with each run.
    if (!done.ok && done.error !== 'told' && done.error !== 'stale')
      log().error({ found: id, refusal: done.error }, 'an owner was not told of a found phone')
    return done.ok
  } catch (error) {
    log().error({ err: error, found: id }, 'an owner could not be told of a found phone')
    return false
  }
}

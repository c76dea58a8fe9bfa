import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { lockPlaces } from '#features/areas/data.ts'
import { keepingUnit } from '#features/areas/rules.ts'
import { act, answer, logged, type Refusal, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { addMilliseconds, HOUR, type Instant, localDate } from '#lib/time.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, keyFor, runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { listHoldersFoundRight } from '../conflict/data.ts'
import { moveCase } from '../moves/acts.ts'
import { isContested, mayCollect, OWNED, ruleOf } from '../moves/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import {
  type FoundBy,
  type FoundRecord,
  findFound,
  findUpload,
  followClaims,
  insertFound,
  insertUpload,
  listUntoldFoundPhones,
} from './data.ts'
import {
  type ClosedFound,
  type FoundFaults,
  type FoundTyped,
  parseFoundPhone,
  readFoundTable,
} from './rules.ts'

type AddFault = 'forbidden' | 'taken' | FoundFaults

/** A found phone may belong to a case of any district. */
const inSystem = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

/**
 * Returns the person who adds a phone, and the unit that keeps it: for people of a unit that has ended, the unit that answers
 * now.
 */
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
 * Records one phone that police keep from now on, and at once finds the case that claims it, in any district. Returns the phone's
 * id.
 */
export async function addFound(
  actor: StaffActor,
  input: { readonly typed: FoundTyped; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, AddFault>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  const read = parseFoundPhone(input.typed, localDate(now))
  if (!read.ok) return read
  return inSystem(() =>
    actOnce<string, AddFault>(input.submitKey, `found.add:${actor.id}`, now, async (tx) => {
      const [id] = await insertFound(tx, [read.value], await byOf(tx, actor, now))
      if (id === undefined) return err('taken')
      await followClaims(tx, { keys: [read.value.key14] })
      await enqueue(tx, 'found-tell', {})
      const subject = { kind: 'found', id } as const
      await audit(tx, { actor, act: 'found.add', subject, facts: { added: 1 }, at: now })
      return ok(id)
    }),
  )
}

const UPLOAD_LIFE = 2 * HOUR

/** Reads a file of phones and stores its rows separately until its sender confirms it. */
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
  // The same file from the same form is stored once.
  const id = keyFor(submitKey, actor.id, createHash('sha256').update(bytes).digest('hex'))
  await transaction((tx) =>
    insertUpload(tx, { id, rows, addedById: actor.id, expiresAt: addMilliseconds(now, UPLOAD_LIFE) }),
  )
  return ok(id)
}

/** Adds every phone of a file that could be read and is not kept yet, all or none; returns the number. */
export const confirmUpload = act({
  name: 'found.upload',
  permission: 'found:manage',
  faults: 'found',
  within: inSystem,
  page: (_, uploaded) => ({ pathname: '/admin/found', query: { uploaded } }),
  input: z.object({ uploadId: z.uuid('general.invalid') }),
  async run({ tx, actor, input: { uploadId }, now }) {
    const upload = await findUpload(uploadId, actor.id, now, tx)
    // Of two forms sent at once, the later one finds the file gone.
    if (!upload || (await tx.foundUpload.deleteMany({ where: { id: uploadId } })).count === 0)
      return refuse('gone')
    const phones = upload.rows.flatMap(({ read }) => (read.ok ? [read.value] : []))
    const { length: added } = await insertFound(tx, phones, await byOf(tx, actor, now))
    await followClaims(tx, { keys: phones.map(({ key14 }) => key14) })
    await enqueue(tx, 'found-tell', {})
    const subject = { kind: 'found', id: uploadId } as const
    await audit(tx, {
      actor,
      act: 'found.upload',
      subject,
      facts: { rows: upload.rows.length, added },
      at: now,
    })
    return logged(added)
  },
})

const onFound = {
  ...({ permission: 'found:manage', faults: 'found', within: inSystem } as const),
  subject: {
    async lock(tx: Tx, { phoneId }: { readonly phoneId: string }, actor: StaffActor) {
      const scope = staffScope(actor)
      const phone = scope && (await findFound(scope, phoneId, tx))
      if (!phone) return refuse('not_found')
      return phone.closedAt === null ? phone : refuse('closed')
    },
    entry: ({ id, case: c }: FoundRecord) =>
      ({ subject: { kind: 'found', id }, facts: { case: c?.id ?? null } }) as const,
  },
} as const

/**
 * Hands a phone over to the person whose block two people have approved and whose papers have the id number of the case's person.
 * The officer who keeps the phone, in any district, types that number and is told whether it matches, never the number itself.
 * Two people lift the block.
 */
export const returnPhone = act({
  ...onFound,
  name: 'found.returned',
  page: ({ phoneId }) => phonePage(phoneId, 'returned'),
  input: z.object({
    phoneId: z.uuid('general.invalid'),
    nationalId: z.string().max(40, 'found.wrong'),
  }),
  run: async ({ tx, subject: phone, actor, input: { nationalId }, now }) =>
    close(tx, phone.id, 'returned', await startUnblock(tx, phone, actor, nationalId, now), now),
})

/** Closes the record of a phone that nobody came for and that is in no case. */
export const closeUnclaimed = act({
  ...onFound,
  name: 'found.unclaimed',
  page: ({ phoneId }) => phonePage(phoneId, 'closed'),
  input: z.object({ phoneId: z.uuid('general.invalid') }),
  run: ({ tx, subject: phone, now }) =>
    close(tx, phone.id, 'unclaimed', phone.case === null ? null : refuse('matched'), now),
})

/**
 * Hands a phone over to the person who held it, whose objection was found right and for whom the block is lifted. The officer
 * types the number of the shown papers and is told only whether it matches. While another report claims the phone, nobody gets it.
 */
export const giveToHolder = act({
  ...onFound,
  name: 'found.to_holder',
  page: ({ phoneId }) => phonePage(phoneId, 'to_holder'),
  input: z.object({
    phoneId: z.uuid('general.invalid'),
    nationalId: z.string().max(40, 'found.wrong_holder'),
  }),
  async run({ tx, subject: phone, input: { nationalId }, now }) {
    const shown = compactCode(nationalId).toUpperCase()
    const right = await listHoldersFoundRight(tx, phone.imei.slice(0, 14))
    const to = right.find(({ holder }) => shown !== '' && holder.nationalId === shown)
    const fault = phone.case ? refuse('matched') : to ? null : refuse('wrong_holder', 'nationalId')
    return close(tx, phone.id, 'to_holder', fault, now, {
      case: to?.againstId ?? null,
      objection: to?.id ?? null,
    })
  },
})

const phonePage = (phone: string, done: string) =>
  ({ pathname: '/admin/found/[phone]', params: { phone }, query: { done } }) as const

async function startUnblock(
  tx: Tx,
  { case: c, custody: text }: FoundRecord,
  actor: StaffActor,
  nationalId: string,
  now: Instant,
) {
  if (c === null) return refuse('not_matched')
  if (c.held !== null) return refuse('held')
  if (isContested(c)) return refuse('contested')
  if (!mayCollect(c)) return refuse('not_approved')
  const { particulars } = await openCaseFile(c, tx)
  const shown = compactCode(nationalId).toUpperCase()
  if (shown === '' || particulars.nationalId !== shown) return refuse('wrong', 'nationalId')
  // Its unblock has begun already, so there is nothing to start.
  if (!ruleOf('phone_returned').from.includes(c.state)) return null
  const move = { caseId: c.id, version: null, move: 'phone_returned', text } as const
  const moved = await moveCase(tx, systemScope(), actor, move, now)
  if (moved.ok) return null
  return refuse(moved.error === 'held' ? 'held' : 'other')
}

/** Closes the record if there is no fault, and if neither it nor its match with a case has changed meanwhile. */
async function close<R extends Refusal>(
  tx: Tx,
  id: string,
  state: ClosedFound,
  fault: R | null,
  now: Instant,
  facts: { readonly [name: string]: string | null } = {},
) {
  if (fault) {
    // Of two people who hand the phone over at once, the later one finds the case moved.
    const row = await tx.foundPhone.findFirst({ where: { id }, select: { closedAt: true } })
    return row?.closedAt ? refuse('closed') : fault
  }
  const { count } = await tx.foundPhone.updateMany({
    where: { id, state: state === 'returned' ? 'matched' : 'found', closedAt: null },
    data: { state, closedAt: now },
  })
  return count === 1 ? answer(true, facts) : refuse('closed')
}

/**
 * Tells the owners of matched phones where to come, once each. Only owners whom police have verified are told, because before
 * that anybody may have typed the number. Each is a transaction of its own; the next run tries a failed one again.
 */
export const tellOwners = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inSystem(() => tellEach(now, signal))

async function tellEach(now: Instant, signal?: AbortSignal): Promise<number> {
  // A phone added while its case was being sent was matched by neither transaction: match it now.
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
      const [phone] = await tx.foundPhone.updateManyAndReturn({
        where: { id, state: 'matched', toldAt: null },
        data: { toldAt: now },
        select: { caseId: true, custody: true },
      })
      if (!phone?.caseId) return err('done')
      const words = { caseId: phone.caseId, version: null, move: 'phone_found', text: phone.custody } as const
      const moved = await moveCase(tx, systemScope(), { kind: 'system' }, words, now)
      return moved.ok ? ok(true) : moved
    })
    // `done`: another run told them; `changed`: the case was moved meanwhile. Any other refusal comes again with each run.
    if (!done.ok && done.error !== 'done' && done.error !== 'changed')
      log().error({ found: id, refusal: done.error }, 'an owner was not told of a found phone')
    return done.ok
  } catch (error) {
    log().error({ err: error, found: id }, 'an owner could not be told of a found phone')
    return false
  }
}

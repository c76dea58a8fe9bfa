import '#server-only'
import type { FoundState } from '#features/cases/found/rules.ts'
import { writeCaseScope } from '#features/cases/record/data.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { digestOf, readSigned } from '#features/exchange/lists/data.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import { codeOfMessage, idsOfCode } from '#features/notices/message-codes/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { displayName } from '#lib/imei/device.ts'
import type { Instant } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { readSurrender, recoveryStateOf, type Surrender } from './rules.ts'

/** Returns whether carriers may watch a phone before it is blocked, and whether holders are asked to hand phones in. */
export const isRecoveryOn = (): boolean => env().RECOVERY === 'on'

/** Names the sealing context of what the person who handed a phone in said. */
export const holderPlace = (noticeId: string): string => `holder:${noticeId}`

/** The words of the person who handed a phone in. */
export interface HandedInBy {
  readonly name: string
  /** From whom, when and where they got it. */
  readonly from: string
}

/** Returns how far the phone of a case is on its way back; null if nothing has begun or the city has this feature off. */
export async function recoveryOf(
  scope: CaseScope,
  c: Pick<CaseSnapshot, 'id' | 'state' | 'watchUntil'>,
  now: Instant,
) {
  if (!isRecoveryOn()) return null
  // One statement, because every page of a case runs it.
  const row = await inScope(scope, () =>
    db.case.findFirst({
      where: { id: c.id },
      select: {
        found: { select: { state: true } },
        key: {
          select: {
            recovery: { select: { dueAt: true } },
            holderNotices: {
              where: { expiresAt: { gt: now }, handedInAt: null },
              select: { id: true },
              take: 1,
            },
          },
        },
      },
    }),
  )
  if (row === null) return null
  const { recovery, holderNotices } = row.key
  const isFound = (state: FoundState) => row.found.some((one) => one.state === state)
  const state = recoveryStateOf({
    ...{
      state: c.state,
      watchUntil: c.watchUntil,
      seen: recovery !== null,
      called: holderNotices.length > 0,
    },
    ...{ kept: isFound('matched'), returned: isFound('returned') },
  })
  return state && { state, dueAt: recovery?.dueAt ?? null }
}

const NOTICE = {
  ...{ id: true, imei: true, calledAt: true, expiresAt: true, openedAt: true, unitId: true },
  ...{ handedInAt: true, handedInAtId: true, sealedHolder: true },
  question: { select: { answer: true, answeredAt: true, carrier: { select: { name: true } } } },
} as const

/**
 * Returns the notices to the holders of a case's phones, newest first. What a holder said is unsealed only for a
 * reader with the papers open.
 */
export const noticesOfCase = (scope: CaseScope, caseId: string, opened: boolean) =>
  inScope(scope, async () => {
    const rows = await db.holderNotice.findMany({
      where: { caseId },
      orderBy: { calledAt: 'desc' },
      take: 20,
      select: { ...NOTICE, key: { select: WRAPPED_KEY } },
    })
    return rows.map(({ key, sealedHolder, question, ...row }) => ({
      ...row,
      carrier: question.carrier.name,
      passedOn: question.answer === 'yes' ? true : question.answer === null ? null : false,
      holder:
        opened && sealedHolder
          ? unseal<HandedInBy>(unwrap(caseId, key), holderPlace(row.id), sealedHolder)
          : null,
    }))
  })
export type ShownNotice = Awaited<ReturnType<typeof noticesOfCase>>[number]

/** Returns the recovery data for the person's own export: times only, not who holds the phone or where. */
export const recoveryTimes = (scope: CaseScope, caseId: string) =>
  inScope(scope, async () => {
    const [seen, leads, notices] = await Promise.all([
      db.recovery.findUnique({ where: { caseId }, select: { seenAt: true } }),
      db.shopLead.findMany({ where: { caseId }, orderBy: { at: 'asc' }, select: { at: true } }),
      db.holderNotice.findMany({
        where: { caseId },
        orderBy: { calledAt: 'asc' },
        select: { calledAt: true, handedInAt: true },
      }),
    ])
    return { seenAt: seen?.seenAt ?? null, shopChecks: leads.map(({ at }) => at), notices }
  })

const MOST_SHOWN = 200

/** Returns the cases of the officer's unit whose phones were seen: first those that wait for a look, by deadline. */
export async function unitsSeen(staff: StaffActor, now: Instant) {
  const scope = staffScope(staff)
  if (!scope) return []
  const rows = await inScope(scope, () =>
    db.recovery.findMany({
      where: { key: { case: { AND: [writeCaseScope(scope), { erasedAt: null }] } } },
      orderBy: [{ dueAt: { sort: 'asc', nulls: 'last' } }, { seenAt: 'desc' }, { caseId: 'asc' }],
      take: MOST_SHOWN,
      select: {
        ...{ caseId: true, seenAt: true, dueAt: true },
        key: {
          select: {
            case: {
              select: { number: true, state: true, watchUntil: true, found: { select: { state: true } } },
            },
            holderNotices: { where: { expiresAt: { gt: now }, handedInAt: null }, select: { id: true } },
          },
        },
      },
    }),
  )
  return rows.flatMap(({ key: { case: c, holderNotices }, ...row }) => {
    if (!c) return []
    const { found, number, ...facts } = c
    const has = (state: string) => found.some((one) => one.state === state)
    const recovery = recoveryStateOf({
      ...{ ...facts, seen: true, called: holderNotices.length > 0 },
      ...{ kept: has('matched'), returned: has('returned') },
    })
    return recovery === null ? [] : [{ ...row, number, recovery }]
  })
}

/**
 * Returns the shop checks of the unit's phones: first those that wait for a look, by deadline. They name
 * the case, never its owner.
 */
export async function unitsLeads(staff: StaffActor) {
  const scope = staffScope(staff)
  if (!scope) return []
  const rows = await inScope(scope, () =>
    db.shopLead.findMany({
      where: { key: { case: { AND: [writeCaseScope(scope), { erasedAt: null }] } } },
      orderBy: [{ dueAt: { sort: 'asc', nulls: 'last' } }, { at: 'desc' }, { id: 'asc' }],
      take: MOST_SHOWN,
      select: {
        ...{ id: true, at: true, dueAt: true },
        account: { select: { name: true, email: true, shopAddress: { select: { address: true } } } },
        key: { select: { case: { select: { number: true } } } },
      },
    }),
  )
  return rows.flatMap(({ key, account: { shopAddress, ...shop }, ...lead }) =>
    key.case
      ? { ...lead, number: key.case.number, shop: { ...shop, address: shopAddress?.address ?? null } }
      : [],
  )
}

export const addressOf = async (shop: StaffActor): Promise<string> =>
  (await db.shopAddress.findFirst({ where: { accountId: shop.id }, select: { address: true } }))?.address ??
  ''

/** Finds the notice with a code, while the code works; null otherwise. */
export async function findNotice(tx: Tx, code: string, now: Instant) {
  const { first, last } = idsOfCode(code)
  return tx.holderNotice.findFirst({
    where: { id: { gte: first, lte: last }, OR: [{ expiresAt: { gt: now } }, { handedInAt: { not: null } }] },
    select: {
      ...{ id: true, caseId: true, imei: true, calledAt: true, openedAt: true, unitId: true },
      ...{
        handedInAt: true,
        handedInAtId: true,
        receipt: true,
        questionId: true,
        key: { select: WRAPPED_KEY },
      },
      question: { select: { carrier: { select: { name: true } } } },
    },
  })
}

export type HolderNotice = NonNullable<Awaited<ReturnType<typeof findNotice>>>

/**
 * Returns what the holder may read of a notice: which phone, and their own choices. Nothing about the case, its owner
 * or the place of the theft.
 */
export async function describeNotice(notice: HolderNotice) {
  const device = await deviceOf(notice.imei.slice(0, 8))
  return {
    code: codeOfMessage(notice.id),
    device: device && displayName(device.manufacturer, device.model),
    ending: notice.imei.slice(-4),
    calledAt: notice.calledAt,
    carrier: notice.question.carrier.name,
    unitId: notice.unitId,
    handedInAt: notice.handedInAt,
    handedInAtId: notice.handedInAtId,
    receipt: notice.receipt,
  }
}
export type HolderPage = Awaited<ReturnType<typeof describeNotice>>

/** Returns when we had a carrier pass on the text with a code, and which carrier; null if the code is not ours. */
export const findSentToHolder = (code: string, now: Instant) =>
  inScope(systemScope(), async () => {
    const notice = isRecoveryOn() ? await findNotice(db, code, now) : null
    return notice && { at: notice.calledAt, carrier: notice.question.carrier.name }
  })

/** Returns the hand-in receipt of a phone, for staff who may take phones in; null if it has none. */
export const findSurrenderReceipt = ({ role }: StaffActor, foundId: string) =>
  inScope(systemScope(), async () => {
    if (!may(role, 'found:manage')) return null
    const where = { foundId, receipt: { not: null } }
    return (await db.holderNotice.findFirst({ where, select: { receipt: true } }))?.receipt ?? null
  })

/**
 * Reads a receipt that this site has signed; null for any other. A receipt signed with an earlier key is recognised by its
 * digest, which the log keeps even after the case is erased.
 */
export async function checkSurrender(receipt: string): Promise<Surrender | null> {
  const said = readSurrender(receipt)
  if (said === null || readSigned(receipt) !== null) return said
  const where = {
    ...{ act: 'case.handed_in', at: new Date(said.at) },
    facts: { path: ['sha256'], equals: digestOf(receipt) },
  }
  const logged = await inScope(systemScope(), () => db.auditEntry.findFirst({ where, select: { id: true } }))
  return logged && said
}

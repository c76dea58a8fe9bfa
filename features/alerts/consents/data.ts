import '#server-only'
import { isOwnNumber } from '#features/exchange/questions/data.ts'
import { bankHotlines } from '#features/lookup-tables/data.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { type Msisdn, maskMobile } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { AlertEvent } from '../alerts/rules.ts'
import { type AlertState, CARRIER_IS_ASKED, type SharedWith } from './rules.ts'

export const numberPlace = (consentId: string): string => `alert-number:${consentId}`

export const isShared = async (tx: Tx, caseId: string): Promise<boolean> =>
  (await tx.alertConsent.count({ where: { caseId, withdrawnAt: null } })) > 0

export interface LiveConsent {
  readonly id: string
  readonly caseId: string
  readonly receiverId: string
  readonly numberHash: Uint8Array<ArrayBuffer>
  readonly lookedAt: Instant | null
  readonly isOwnNumber: boolean
  /** The events of its alerts, the oldest first. */
  readonly told: readonly AlertEvent[]
}

/** Locks a case's live consents until the transaction ends, in order of receiver. */
export async function lockConsents(tx: Tx, caseId: string): Promise<LiveConsent[]> {
  await tx.$queryRaw`SELECT 1 FROM alert_consents WHERE case_id = ${caseId}::uuid ORDER BY receiver_id, id FOR UPDATE`
  const rows = await tx.alertConsent.findMany({
    where: { caseId, withdrawnAt: null, notSubscriberAt: null, sealed: { not: null } },
    orderBy: { receiverId: 'asc' },
    include: {
      key: { select: WRAPPED_KEY },
      alerts: { orderBy: { seq: 'asc' }, select: { event: true } },
    },
  })
  const live: LiveConsent[] = []
  for (const { key: wrapped, sealed, numberHash, alerts, ...row } of rows) {
    if (sealed === null || numberHash === null) continue
    const key = unwrap(caseId, wrapped)
    const msisdn = unseal<Msisdn>(key, numberPlace(row.id), sealed)
    const told = alerts.map(({ event }) => event)
    live.push({ ...row, numberHash, told, isOwnNumber: await isOwnNumber(tx, key, msisdn) })
  }
  return live
}

/** Returns the shared numbers of a case that nobody has yet confirmed to be its person's. */
export async function findUnknownNumbers(tx: Tx, key: CaseKey): Promise<ReadonlySet<Msisdn>> {
  const rows = await tx.alertConsent.findMany({
    where: {
      ...{ caseId: key.caseId, withdrawnAt: null, notSubscriberAt: null, lookedAt: null },
      ...{ sealed: { not: null }, version: { gte: CARRIER_IS_ASKED } },
    },
    select: { id: true, sealed: true },
  })
  const unknown = new Set<Msisdn>()
  for (const { id, sealed } of rows) {
    const msisdn = sealed && unseal<Msisdn>(key, numberPlace(id), sealed)
    if (msisdn && !(await isOwnNumber(tx, key, msisdn))) unknown.add(msisdn)
  }
  return unknown
}

const CONSENT = {
  key: { select: WRAPPED_KEY },
  alerts: {
    orderBy: { seq: 'desc' },
    select: { event: true, at: true, givenAt: true, outcome: true, outcomeAt: true },
  },
} as const

/** Returns the newest consent of a case for each receiver with the receiver's answer, for readers within the scope. */
export const sharedWith = (scope: CaseScope, caseId: string): Promise<SharedWith[]> =>
  inScope(scope, async () => {
    const [rows, banks] = await Promise.all([
      db.alertConsent.findMany({ where: { caseId }, orderBy: { givenAt: 'desc' }, include: CONSENT }),
      bankHotlines(),
    ])
    const newest = rows.filter((row, at) => rows.findIndex((one) => one.receiverId === row.receiverId) === at)
    return newest.map(({ key, sealed, alerts, ...row }) => {
      const bank = banks.find(({ id }) => id === row.receiverId)
      const number =
        sealed === null ? null : maskMobile(unseal<Msisdn>(unwrap(caseId, key), numberPlace(row.id), sealed))
      return {
        consentId: row.id,
        receiverId: row.receiverId,
        name: bank?.name ?? row.receiverId,
        numbers: bank?.numbers ?? [],
        number,
        ...stateOf(row, alerts),
      }
    })
  })

/** Returns all stored data on a case's consents, for its person's data export. */
export const everythingShared = (scope: CaseScope, caseId: string) =>
  inScope(scope, async () => {
    const [rows, banks] = await Promise.all([
      db.alertConsent.findMany({ where: { caseId }, orderBy: { givenAt: 'asc' }, include: CONSENT }),
      bankHotlines(),
    ])
    return rows.map(({ id, receiverId, sealed, key, version, givenAt, withdrawnAt, alerts }) => ({
      receiver: receiverId,
      name: banks.find((one) => one.id === receiverId)?.name ?? receiverId,
      phoneNumber: sealed === null ? null : unseal<string>(unwrap(caseId, key), numberPlace(id), sealed),
      ...{ version, givenAt, withdrawnAt },
      alerts: alerts
        .toReversed()
        .map(({ event, at, outcome, outcomeAt }) => ({ event, at, outcome, outcomeAt })),
    }))
  })

/** Returns the state of a consent; of several answers the receiver's last one counts. */
function stateOf(
  row: {
    readonly givenAt: Instant
    readonly withdrawnAt: Instant | null
    readonly lookedAt: Instant | null
    readonly notSubscriberAt: Instant | null
  },
  alerts: readonly {
    readonly at: Instant
    readonly givenAt: Instant | null
    readonly outcome: SharedWith['outcome']
    readonly outcomeAt: Instant | null
  }[],
): Pick<SharedWith, 'state' | 'outcome' | 'at'> {
  const said = (state: AlertState, at: Instant, outcome: SharedWith['outcome'] = null) => ({
    state,
    at,
    outcome,
  })
  const answered = alerts.find((one) => one.outcome !== null)
  if (row.withdrawnAt !== null) return said('withdrawn', row.withdrawnAt, answered?.outcome ?? null)
  if (row.notSubscriberAt !== null) return said('ended', row.notSubscriberAt, 'not_subscriber')
  if (answered) return said('answered', answered.outcomeAt ?? answered.at, answered.outcome)
  const [newest] = alerts
  // An officer has released it: the job that writes the alert runs at once.
  if (newest === undefined)
    return row.lookedAt === null ? said('waiting', row.givenAt) : said('queued', row.lookedAt)
  const given = alerts.find(({ givenAt }) => givenAt !== null)
  return given?.givenAt ? said('sent', given.givenAt) : said('queued', newest.at)
}

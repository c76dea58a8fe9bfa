import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { type AccountNotice, enqueue } from '#platform/queue.ts'
import {
  listApprovers,
  listCityPolice,
  listPeopleWith,
  listRecipients,
  type MailPreferences,
  type MailReader,
} from './data.ts'
import { defaultMailChoice, sentAt, type ToldKind } from './rules.ts'

const written = (tx: Tx, actor: StaffActor, at: Instant): Promise<void> =>
  audit(tx, { actor, act: 'account.set_preferences', subject: { kind: 'account', id: actor.id }, at })

const setSwitch = (name: 'keysOn' | 'roomy') => (actor: StaffActor, on: boolean, now: Instant) =>
  transaction(async (tx) => {
    const where = { id: actor.id, active: true, [name]: !on }
    const { count } = await tx.staffAccount.updateMany({ where, data: { [name]: on } })
    if (count === 1) await written(tx, actor, now)
  })

export const setKeys = setSwitch('keysOn')
export const setRoomy = setSwitch('roomy')

export const setMailPreferences = (actor: StaffActor, { choices, ...quiet }: MailPreferences, now: Instant) =>
  transaction(async (tx) => {
    const accountId = actor.id
    await tx.staffAccount.update({ where: { id: accountId }, data: quiet, select: { id: true } })
    for (const [kind, choice] of Object.entries(choices)) {
      const where = { accountId_kind: { accountId, kind } }
      await tx.mailChoice.upsert({ where, create: { accountId, kind, choice }, update: { choice } })
    }
    await written(tx, actor, now)
  })

export const tellOwner = (tx: Tx, accountId: string, notice: AccountNotice): Promise<void> =>
  enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice })

export const getAddressContext = (accountId: string): string => `account-notice:${accountId}`

const NOTICE_OF: Readonly<Record<ToldKind, AccountNotice>> = {
  to_confirm: 'hold_asked',
  given: 'case_given',
  sent_back: 'case_sent_back',
  answered: 'case_answered',
  conflict: 'case_contested',
  shared_imei: 'case_shared_imei',
}

/** Queues a mail about waiting work to each person who chose it, after quiet hours, in the transaction of the act. */
export async function tellWaiting(tx: Tx, accountIds: readonly string[], kind: ToldKind, now: Instant) {
  for (const { id: accountId, choices, ...quiet } of await listRecipients(tx, accountIds)) {
    if ((choices[kind] ?? defaultMailChoice(kind)) !== 'at_once') continue
    const mail = { id: randomUUID(), accountId, notice: NOTICE_OF[kind] }
    await enqueue(tx, 'account-notice', mail, { startAfter: sentAt(quiet, now) })
  }
}

export async function tellApprovers(tx: Tx, unitId: string, asker: string, kind: ToldKind, now: Instant) {
  await tellWaiting(tx, await listApprovers(tx, unitId, asker, now), kind, now)
}

export async function tellCityPolice(tx: Tx, asker: string | null, kind: ToldKind, now: Instant) {
  const { all, present } = await listCityPolice(tx, asker, now)
  await tellWaiting(tx, present.length > 0 ? present : all, kind, now)
}

export async function tellMorning(tx: Tx, { person, ...quiet }: MailReader, count: number, now: Instant) {
  const mail = { id: randomUUID(), accountId: person.id, notice: 'morning', count } as const
  await enqueue(tx, 'account-notice', mail, { startAfter: sentAt(quiet, now) })
}

/** The people who are told of late work: first the unit's supervisors, then city police, then the inspectorate. */
type LateStep = 'unit' | 'city' | 'inspectorate'

/** Queues a mail about missed deadlines to each person of a step, who cannot opt out. Returns how many were queued. */
export async function tellOfLateWork(tx: Tx, step: LateStep, unitId: string, count: number, now: Instant) {
  const ids =
    step === 'unit'
      ? await listApprovers(tx, unitId, null, now)
      : await listPeopleWith(tx, step === 'city' ? 'city_police' : 'auditor')
  const people = await listRecipients(tx, ids)
  const mail = { notice: `late_${step}`, count } as const
  for (const { id: accountId, ...quiet } of people)
    await enqueue(
      tx,
      'account-notice',
      { id: randomUUID(), accountId, ...mail },
      { startAfter: sentAt(quiet, now) },
    )
  // Auditors may be dismissed, so their mail also goes to a mailbox outside the staff.
  const isOutside = step === 'inspectorate' && env().ALERT_MAIL !== undefined
  if (isOutside) await enqueue(tx, 'account-notice', { id: randomUUID(), accountId: null, ...mail })
  return people.length + (isOutside ? 1 : 0)
}

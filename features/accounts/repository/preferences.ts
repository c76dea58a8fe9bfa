import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { MailChoice, QuietHours } from '../rules/mail-choice.ts'
import { absencesOf, isAway } from './absences.ts'
import { ACTOR, withServices } from './accounts.ts'

/** Stores whether a person uses keys; false where it was so already. */
export async function storeKeys(tx: Tx, id: string, on: boolean): Promise<boolean> {
  const { count } = await tx.staffAccount.updateMany({
    where: { id, active: true, keysOn: !on },
    data: { keysOn: on },
  })
  return count === 1
}

/** Stores whether a person wants roomy lists; false where it was so already. */
export async function storeRoomy(tx: Tx, id: string, roomy: boolean): Promise<boolean> {
  const { count } = await tx.staffAccount.updateMany({
    where: { id, active: true, roomy: !roomy },
    data: { roomy },
  })
  return count === 1
}

export interface MailPreferences extends QuietHours {
  /** By kind of thing that waits; a kind without a choice has its default. */
  readonly choices: Readonly<Record<string, MailChoice>>
}

const PREFERENCES = {
  quietFrom: true,
  quietUntil: true,
  mailChoices: { select: { kind: true, choice: true } },
} as const

const preferencesIn = ({
  quietFrom,
  quietUntil,
  mailChoices,
}: QuietHours & {
  readonly mailChoices: readonly { readonly kind: string; readonly choice: MailChoice }[]
}): MailPreferences => ({
  quietFrom,
  quietUntil,
  choices: Object.fromEntries(mailChoices.map(({ kind, choice }) => [kind, choice])),
})

export async function mailPreferencesOf(id: string): Promise<MailPreferences> {
  return preferencesIn(await db.staffAccount.findUniqueOrThrow({ where: { id }, select: PREFERENCES }))
}

export async function storeMailPreferences(
  tx: Tx,
  id: string,
  { choices, ...quiet }: MailPreferences,
): Promise<void> {
  await tx.staffAccount.update({ where: { id }, data: quiet, select: { id: true } })
  for (const [kind, choice] of Object.entries(choices))
    await tx.mailChoice.upsert({
      where: { accountId_kind: { accountId: id, kind } },
      create: { accountId: id, kind, choice },
      update: { choice },
    })
}

/** Only people who can sign in are told anything. */
const CAN_SIGN_IN = { active: true, passwordHash: { not: null }, totpSecret: { not: null } } as const

/** Returns those of some accounts that can sign in, with what they chose. */
export async function recipientsAmong(
  tx: Tx,
  ids: readonly string[],
): Promise<(MailPreferences & { readonly id: string })[]> {
  const rows = await tx.staffAccount.findMany({
    where: { id: { in: [...ids] }, ...CAN_SIGN_IN },
    orderBy: { id: 'asc' },
    select: { id: true, ...PREFERENCES },
  })
  return rows.map((row) => ({ id: row.id, ...preferencesIn(row) }))
}

/**
 * Lists who may approve in a unit at `now`, but one where it is given, and is not absent; where the unit has nobody
 * there, those of city police.
 */
export async function approversOf(
  tx: Tx,
  unitId: string,
  but: string | null,
  now: Instant,
): Promise<string[]> {
  const ready = { ...CAN_SIGN_IN, ...(but !== null && { id: { not: but } }), decidesFrom: { lte: now } }
  const own = await tx.staffAccount.findMany({
    where: { ...ready, role: 'supervisor', unit: { serves: { some: { ofId: unitId } } } },
    select: { id: true },
  })
  const there = await presentAmong(tx, own, now)
  if (there.length > 0) return there
  const { all, present } = await allCityPolice(tx, but, now)
  // All are absent: a mail to absent people is better than none.
  return present.length > 0 ? present : [...own.map(({ id }) => id), ...all]
}

/** Lists those of city police, but one, who are not absent at `now`; all of them where all are absent. */
export async function cityPolice(tx: Tx, but: string | null, now: Instant): Promise<string[]> {
  const { all, present } = await allCityPolice(tx, but, now)
  return present.length > 0 ? present : all
}

async function allCityPolice(tx: Tx, but: string | null, now: Instant) {
  const accounts = await tx.staffAccount.findMany({
    where: {
      ...CAN_SIGN_IN,
      ...(but !== null && { id: { not: but } }),
      decidesFrom: { lte: now },
      role: 'city_police',
    },
    select: { id: true },
  })
  return { all: accounts.map(({ id }) => id), present: await presentAmong(tx, accounts, now) }
}

/** Lists those with a role who can sign in. */
export const peopleWith = async (tx: Tx, role: 'city_police' | 'auditor'): Promise<string[]> =>
  (await tx.staffAccount.findMany({ where: { ...CAN_SIGN_IN, role }, select: { id: true } })).map(
    ({ id }) => id,
  )

async function presentAmong(
  tx: Tx,
  people: readonly { readonly id: string }[],
  now: Instant,
): Promise<string[]> {
  const ids = people.map(({ id }) => id)
  const absences = Map.groupBy(await absencesOf(ids, now, tx), ({ accountId }) => accountId)
  return ids.filter((id) => !isAway(absences.get(id) ?? [], now))
}

export type Reader = MailPreferences & { readonly person: StaffActor }

/** Returns people who can sign in, in the order of their ids, from behind one on. */
export async function readersAfter(after: string | null, take: number): Promise<Reader[]> {
  const rows = await db.staffAccount.findMany({
    where: { ...CAN_SIGN_IN, ...(after !== null && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take,
    select: { ...ACTOR, ...PREFERENCES },
  })
  return rows.map(({ quietFrom, quietUntil, mailChoices, ...account }) => ({
    person: { kind: 'staff', ...withServices(account) },
    ...preferencesIn({ quietFrom, quietUntil, mailChoices }),
  }))
}

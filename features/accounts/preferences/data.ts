import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { isAway, listAbsences } from '../absences/data.ts'
import { ACTOR, addServices } from '../data.ts'
import type { MailChoice, QuietHours } from './rules.ts'

export interface MailPreferences extends QuietHours {
  /** By kind of task; a kind that is missing has its default. */
  readonly choices: Readonly<Record<string, MailChoice>>
}

const PREFERENCES = {
  quietFrom: true,
  quietUntil: true,
  mailChoices: { select: { kind: true, choice: true } },
} as const

type Stored = Prisma.StaffAccountGetPayload<{ select: typeof PREFERENCES }>
const preferencesIn = ({ mailChoices, quietFrom, quietUntil }: Stored): MailPreferences => ({
  ...{ quietFrom, quietUntil },
  choices: Object.fromEntries(mailChoices.map(({ kind, choice }) => [kind, choice])),
})

const CAN_SIGN_IN = { active: true, passwordHash: { not: null }, totpSecret: { not: null } } as const

export async function listRecipients(tx: Tx, ids: readonly string[]) {
  const rows = await tx.staffAccount.findMany({
    where: { id: { in: [...ids] }, ...CAN_SIGN_IN },
    orderBy: { id: 'asc' },
    select: { id: true, ...PREFERENCES },
  })
  return rows.map((row) => ({ id: row.id, ...preferencesIn(row) }))
}

/** Lists the people who may approve in a unit at `now`, without the absent and `but`; otherwise city police. */
export async function listApprovers(tx: Tx, unitId: string, but: string | null, now: Instant) {
  const ready = { ...CAN_SIGN_IN, ...(but !== null && { id: { not: but } }), decidesFrom: { lte: now } }
  const own = await tx.staffAccount.findMany({
    where: { ...ready, role: 'supervisor', unit: { serves: { some: { ofId: unitId } } } },
    select: { id: true },
  })
  const there = await presentAmong(tx, own, now)
  if (there.length > 0) return there
  const { all, present } = await listCityPolice(tx, but, now)
  // All are absent: a mail to absent people is better than none.
  return present.length > 0 ? present : [...own.map(({ id }) => id), ...all]
}

export async function listCityPolice(tx: Tx, but: string | null, now: Instant) {
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

async function presentAmong(tx: Tx, people: readonly { readonly id: string }[], now: Instant) {
  const ids = people.map(({ id }) => id)
  const absences = Map.groupBy(await listAbsences(ids, now, tx), ({ accountId }) => accountId)
  return ids.filter((id) => !isAway(absences.get(id) ?? [], now))
}

export async function listPeopleWith(tx: Tx, role: 'city_police' | 'auditor'): Promise<string[]> {
  const rows = await tx.staffAccount.findMany({ where: { ...CAN_SIGN_IN, role }, select: { id: true } })
  return rows.map(({ id }) => id)
}

export type MailReader = MailPreferences & { readonly person: StaffActor }

export async function listReaders(after: string | null, take: number): Promise<MailReader[]> {
  const rows = await db.staffAccount.findMany({
    where: { ...CAN_SIGN_IN, ...(after !== null && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take,
    select: { ...ACTOR, ...PREFERENCES },
  })
  return rows.map(({ quietFrom, quietUntil, mailChoices, ...account }) => ({
    person: { kind: 'staff', ...addServices(account) },
    ...preferencesIn({ quietFrom, quietUntil, mailChoices }),
  }))
}

export const readMailPreferences = async ({ id }: StaffActor) =>
  preferencesIn(await db.staffAccount.findUniqueOrThrow({ where: { id }, select: PREFERENCES }))

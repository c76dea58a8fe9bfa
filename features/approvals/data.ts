import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import {
  type Approval,
  type ApprovalKind,
  type ContentOf,
  isShownTo,
  KINDS,
  type Person,
  rulesOf,
} from './rules.ts'

const ROW = {
  ...{ id: true, kind: true, subject: true, content: true, digest: true, accountId: true },
  ...{ askedById: true, askedAt: true, expiresAt: true },
} as const

/** More open requests than a working portal has. */
const MOST_OPEN = 1_000

/** Returns the digest of a request and its author. The form to confirm it carries the digest, to prove what was seen. */
export const digestApproval = (
  kind: ApprovalKind,
  subject: string,
  content: unknown,
  askedById: string,
): string =>
  Buffer.from(keyedHash('approval', JSON.stringify([kind, subject, content, askedById]))).toString('hex')

type Stored = NonNullable<Awaited<ReturnType<typeof findStored>>>
const findStored = (tx: Tx, id: string) =>
  tx.approval.findFirst({ where: { id, state: 'asked' }, select: ROW })

/**
 * An open request that cannot be shown. `newer`: this release does not know its kind, a newer one does. `altered`: it was
 * changed in the database, and is not what was requested.
 */
interface Unread extends Omit<Stored, 'content' | 'digest'> {
  readonly unread: 'newer' | 'altered'
}
function read({ content: stored, digest, ...row }: Stored): Approval | Unread {
  const { kind } = row
  if (!isApprovalKind(kind)) return { ...row, unread: 'newer' }
  // Parsing puts the fields in the schema's order: the database does not keep it.
  const content = rulesOf(kind).content.safeParse(stored)
  if (!content.success) return { ...row, unread: 'altered' }
  const seen = digestApproval(kind, row.subject, content.data, row.askedById)
  // A request from the previous release has none.
  if (digest !== null && digest !== seen) return { ...row, unread: 'altered' }
  return { ...row, kind, content: content.data as ContentOf<ApprovalKind>, digest: seen }
}

const isApprovalKind = (text: string): text is ApprovalKind => text in KINDS

export async function lockApproval(tx: Tx, id: string): Promise<Approval | null> {
  await tx.$queryRaw`SELECT FROM approvals WHERE id = ${id}::uuid FOR UPDATE`
  const row = await findStored(tx, id)
  const request = row && read(row)
  return request && !('unread' in request) ? request : null
}

/** Returns the open request for a subject, or null. Its lock keeps others from requesting until the transaction ends. */
export async function lockSubject(tx: Tx, subject: string): Promise<Approval | Unread | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subject}, 0))`
  const row = await tx.approval.findFirst({ where: { subject, state: 'asked' }, select: ROW })
  return row && read(row)
}

/**
 * Does the same and locks the request's row. Use it before an act that ends the request locks what a confirmation would change.
 */
export async function lockOpen(tx: Tx, subject: string): Promise<Approval | null> {
  const open = await lockSubject(tx, subject)
  return open && lockApproval(tx, open.id)
}

/** Ends an altered request and clears its content. Returns false for a `newer` one, which stays open. */
export async function endAltered(
  tx: Tx,
  { id, subject, unread }: Unread,
  end: {
    readonly state: 'expired' | 'replaced'
    readonly decidedById: string | null
    readonly decidedAt: Instant
  },
): Promise<boolean> {
  if (unread === 'newer') return false
  const named = subject.startsWith('address:') && { subject: 'address' }
  await tx.approval.update({ where: { id }, data: { ...end, ...named, content: {} }, select: { id: true } })
  return true
}

export async function subjectsAsked(subjects: readonly string[]): Promise<ReadonlySet<string>> {
  const where = { subject: { in: [...subjects] }, state: 'asked' as const }
  const rows = await db.approval.findMany({ where, select: { subject: true } })
  return new Set(rows.map(({ subject }) => subject))
}

/** Ends a request and removes its personal data. */
export async function endApproval(
  tx: Tx,
  { id, kind, subject, content }: Approval,
  end: {
    readonly state: 'confirmed' | 'refused' | 'withdrawn' | 'expired' | 'replaced'
    readonly decidedById: string | null
    readonly decidedAt: Instant
  },
): Promise<void> {
  const { personal = [] } = rulesOf(kind)
  const kept = Object.fromEntries(
    Object.entries(content).filter(([field]) => !(personal as readonly string[]).includes(field)),
  )
  const named = personal.length > 0 && subject.startsWith('address:') && { subject: 'address' }
  await tx.approval.update({ where: { id }, data: { ...end, ...named, content: kept }, select: { id: true } })
}

const PERSON = {
  ...{ id: true, name: true, role: true, unitId: true, agencyId: true, carrierId: true, decidesFrom: true },
  unit: { select: { serves: { select: { ofId: true } } } },
} as const

/** Returns a person as they are now, or null if the account is disabled. Locks the row against changes. */
export async function lockPerson(
  tx: Tx,
  id: string,
): Promise<(StaffActor & { readonly decidesFrom: Instant }) | null> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${id}::uuid FOR SHARE`
  const row = await tx.staffAccount.findFirst({ where: { id, active: true }, select: PERSON })
  if (!row) return null
  const { unit, ...person } = row
  return { kind: 'staff', ...person, ...(unit && { serves: unit.serves.map(({ ofId }) => ofId) }) }
}

const openAt = (now: Instant) => ({
  state: 'asked' as const,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
})

async function readOpen(now: Instant, subjects?: readonly string[]) {
  const rows = await db.approval.findMany({
    where: { ...openAt(now), ...(subjects && { subject: { in: [...subjects] } }) },
    orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
    take: MOST_OPEN,
    select: { ...ROW, askedBy: { select: { name: true } } },
  })
  return rows.map(({ askedBy, ...row }) => ({ ...read(row), askedBy: askedBy.name }))
}

const openApprovals = async (
  now: Instant,
  subjects?: readonly string[],
): Promise<(Approval & { readonly askedBy: string })[]> =>
  (await readOpen(now, subjects)).flatMap((request) => ('unread' in request ? [] : [request]))

/** Returns the open requests that cannot be shown, for their authors and for admins: it is unknown who may decide them. */
export const unreadApprovals = async (actor: StaffActor, now: Instant) =>
  (await readOpen(now))
    .flatMap((request) => ('unread' in request ? [request] : []))
    .filter(({ askedById }) => askedById === actor.id || may(actor.role, 'account:manage'))

export type ListedApproval = Awaited<ReturnType<typeof openApprovals>>[number]

/** Returns the open requests that a person may decide or has made; null for a person who decides none. */
export async function approvalsFor(
  actor: StaffActor,
  now: Instant,
): Promise<readonly ListedApproval[] | null> {
  if (!may(actor.role, 'approval:decide')) return null
  return (await openApprovals(now)).filter((request) => isShownTo(actor, request))
}

export const approvalFor = async (
  actor: StaffActor,
  subject: string,
  now: Instant,
): Promise<ListedApproval | null> => (await approvalsOn(actor, [subject], now))[0] ?? null

export const approvalsOn = async (
  actor: StaffActor,
  subjects: readonly string[],
  now: Instant,
): Promise<ListedApproval[]> =>
  (await openApprovals(now, subjects)).filter((request) => isShownTo(actor, request))

export async function countApprovals(
  people: readonly Person[],
  now: Instant,
): Promise<ReadonlyMap<string, { readonly approval: number }>> {
  const open = await openApprovals(now)
  return new Map(
    people.flatMap((person) => {
      const approval = open.filter((request) => waitsFor(person, request)).length
      return approval > 0 ? [[person.id, { approval }] as const] : []
    }),
  )
}

const waitsFor = (by: Person, { kind: of, content, askedById, accountId }: Approval): boolean =>
  askedById !== by.id && accountId !== by.id && rulesOf(of).judges(by, content)

/** After the confirmation of a secret, the person who asked can fetch it for this long. */
const TAKEN_WITHIN = 3 * DAY
const confirmedFor = (actor: Pick<StaffActor, 'id'>, kind: ApprovalKind, now: Instant) => ({
  ...{ kind, askedById: actor.id, state: 'confirmed' as const },
  decidedAt: { gt: addMilliseconds(now, -TAKEN_WITHIN) },
})

export const confirmedOf = async (
  actor: StaffActor,
  kind: ApprovalKind,
  subject: string,
  now: Instant,
): Promise<string[]> =>
  (
    await db.approval.findMany({
      where: { subject, ...confirmedFor(actor, kind, now) },
      orderBy: [{ decidedAt: 'desc' }, { id: 'asc' }],
      select: { id: true },
    })
  ).map(({ id }) => id)

/** Locks and returns a recently confirmed request, only for the person who made it; else null. */
export async function lockConfirmed<K extends ApprovalKind>(
  tx: Tx,
  actor: Pick<StaffActor, 'id'>,
  kind: K,
  id: string,
  now: Instant,
): Promise<ContentOf<K> | null> {
  await tx.$queryRaw`SELECT FROM approvals WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.approval.findFirst({
    where: { id, ...confirmedFor(actor, kind, now) },
    select: { content: true },
  })
  const content = rulesOf(kind).content.safeParse(row?.content)
  return content.success ? (content.data as ContentOf<K>) : null
}

import '#server-only'
import { randomUUID } from 'node:crypto'
import { versionOn } from '#features/agencies/rules.ts'
import type { GivenAnswers } from '#features/questionnaires/questions/rules.ts'
import { firstDay, type Month, monthOfDay } from '#features/results/rules.ts'
import type { Counts } from '#features/results/tally-rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { type CaseKey, keyedHash, newCaseKey, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { readAgencyVersions } from '../volumes/data.ts'
import { type InvitationStanding, type ListedCase, readToken } from './rules.ts'
import type { InvitedAnswer, InvitedCell, InvitedRelease } from './weights-rules.ts'

/** Runs work on lists of cases in the system's scope: their contacts belong to no district. */
export const inDraws = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)
export const reachCases = (tx: Tx): Promise<void> => widenScope(tx, systemScope())

export const hashToken = (token: string): Buffer<ArrayBuffer> =>
  Buffer.from(keyedHash('survey-invitation', token))

interface Sealed extends Pick<ListedCase, 'contact' | 'reference'> {
  readonly token: string | null
}
export interface DrawnCase extends ListedCase {
  readonly token: string | null
}

const keyOf = async (tx: Tx, drawId: string): Promise<CaseKey | null> => {
  const row = await tx.caseKey.findFirst({ where: { caseId: drawId }, select: WRAPPED_KEY })
  return row && unwrap(drawId, row)
}

const AT_A_TIME = 2_000

/** Writes the sealed cases of a draw, under random ids that do not show the order of the list. */
export async function writeCases(
  tx: Tx,
  key: CaseKey,
  cases: readonly (DrawnCase & { readonly onPaper: boolean })[],
): Promise<void> {
  const rows = cases.map(({ procedure, contact, reference, token, onPaper }) => {
    const id = randomUUID()
    const sealed = seal(key, `invitation:${id}`, { contact, reference, token } satisfies Sealed)
    const tokenHash = token === null ? null : hashToken(token)
    return { id, drawId: key.caseId, procedure, sealed, tokenHash, onPaper }
  })
  for (let at = 0; at < rows.length; at += AT_A_TIME)
    await tx.surveyInvitation.createMany({ data: rows.slice(at, at + AT_A_TIME) })
}

/** Stores a list with its own key; null if the agency already has a list for the month. */
export async function insertDraw(
  tx: Tx,
  list: { readonly agencyId: string; readonly month: Month; readonly source: string },
  cases: readonly ListedCase[],
  now: Instant,
): Promise<string | null> {
  const { agencyId, month, source } = list
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`draw ${agencyId} ${month}`}, 0))`
  const open = { agencyId, month: firstDay(month), OR: [{ closedAt: null }, { drawnAt: { not: null } }] }
  if ((await tx.surveyDraw.count({ where: open })) > 0) return null
  const { key, stored } = newCaseKey(randomUUID())
  const id = key.caseId
  await tx.caseKey.create({ data: { caseId: id, ...stored, createdAt: now }, select: { caseId: true } })
  await tx.surveyDraw.create({
    data: { id, agencyId, month: firstDay(month), source, cases: cases.length, listedAt: now },
    select: { id: true },
  })
  const strata = Map.groupBy(cases, ({ procedure }) => procedure)
  await tx.surveyStratum.createMany({
    data: [...strata].map(([procedure, some]) => ({ drawId: id, procedure, cases: some.length })),
  })
  await writeCases(
    tx,
    key,
    cases.map((one) => ({ ...one, token: null, onPaper: one.contact === null })),
  )
  return id
}

export async function lockDraw(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT FROM survey_draws WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.surveyDraw.findFirst({ where: { id } })
  return row && { ...row, month: monthOfDay(row.month) }
}

/** Returns the unanswered cases of a draw with its key; null once they are deleted. */
export async function openCases(tx: Tx, drawId: string) {
  const key = await keyOf(tx, drawId)
  if (key === null) return null
  const rows = await tx.surveyInvitation.findMany({
    where: { drawId, spent: false },
    select: { id: true, procedure: true, sealed: true, onPaper: true },
    orderBy: { id: 'asc' },
  })
  const cases = rows.flatMap(({ id, sealed, ...row }) =>
    sealed === null ? [] : [{ id, ...row, ...unseal<Sealed>(key, `invitation:${id}`, sealed) }],
  )
  return { key, cases }
}

/** Deletes the personal data of a draw: its cases, its key, and the messages under the key. */
export async function deleteCases(tx: Tx, drawId: string): Promise<number> {
  const { count } = await tx.surveyInvitation.deleteMany({ where: { drawId } })
  await tx.caseKey.deleteMany({ where: { caseId: drawId } })
  return count
}

export async function findStanding(
  typed: string,
  agencyId: string,
  now: Instant,
): Promise<InvitationStanding> {
  const token = readToken(typed)
  if (token === null) return 'broken'
  const row = await inDraws(() =>
    db.surveyInvitation.findFirst({
      where: { tokenHash: hashToken(token) },
      select: { spent: true, draw: { select: { agencyId: true, endsAt: true } } },
    }),
  )
  if (row === null || row.draw.endsAt === null || row.draw.endsAt <= now) return 'over'
  if (row.draw.agencyId !== agencyId) return 'broken'
  return row.spent ? 'spent' : 'open'
}

export const findDue = (where: Prisma.SurveyDrawWhereInput) =>
  db.surveyDraw.findMany({
    where: { closedAt: null, ...where },
    orderBy: { id: 'asc' },
    select: { id: true },
  })

/** Returns the agencies whose closed, unreleased draws have at least `least` answers together. */
export async function findReleasable(least: number): Promise<string[]> {
  const rows = await db.surveyDraw.groupBy({
    by: ['agencyId'],
    where: { closedAt: { not: null }, drawnAt: { not: null }, released: null },
    _sum: { answered: true },
  })
  return rows.filter(({ _sum }) => (_sum.answered ?? 0) >= least).map(({ agencyId }) => agencyId)
}

/** Locks the closed, unreleased draws of an agency. Returns their answers and the number of cases of each stratum. */
export async function lockWaiting(tx: Tx, agencyId: string) {
  const draws = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM survey_draws WHERE agency_id = ${agencyId} AND closed_at IS NOT NULL AND drawn_at IS NOT NULL
      AND released IS NULL ORDER BY id FOR UPDATE`
  const ids = draws.map(({ id }) => id)
  const [strata, rows] = [
    await tx.surveyStratum.findMany({ where: { drawId: { in: ids } } }),
    await tx.invitedResponse.findMany({ where: { drawId: { in: ids }, counted: false } }),
  ]
  const stratumOf = (one: { readonly drawId: string; readonly procedure: string }) =>
    `${one.drawId} ${one.procedure}`
  return {
    ids,
    cases: new Map(strata.map((one) => [stratumOf(one), one.cases])),
    answers: rows.map(
      (one): InvitedAnswer => ({
        stratum: stratumOf(one),
        version: one.questionnaireVersion,
        answers: one.answers as GivenAnswers,
      }),
    ),
  }
}

/** Returns the published results of invitations, of one agency or of all. Waiting answers are not loaded. */
export async function readInvited(agencyId?: string) {
  const where = { ...(agencyId !== undefined && { agencyId }) }
  const [rows, draws] = await Promise.all([
    db.invitedCell.findMany({
      where,
      orderBy: [
        ...([{ released: 'asc' }, { agencyId: 'asc' }] as const),
        ...([{ questionnaireVersion: 'asc' }, { question: 'asc' }] as const),
      ],
    }),
    db.surveyDraw.findMany({
      where: { ...where, released: { not: null } },
      orderBy: [{ agencyId: 'asc' }, { month: 'asc' }],
    }),
  ])
  const releases = Map.groupBy(draws, ({ agencyId: id, released }) => `${id} ${released?.toISOString()}`)
  return {
    cells: rows.map(
      ({ released, questionnaireVersion: version, counts, weighted, ...row }): InvitedCell => ({
        ...{ ...row, version, month: monthOfDay(released) },
        ...{ counts: counts as Counts, weighted: weighted as Counts },
      }),
    ),
    releases: [...releases.values()].flatMap((some): InvitedRelease[] => {
      const [first] = some
      if (!first?.released) return []
      const sum = (of: (one: (typeof some)[number]) => number | null) =>
        some.reduce((all, one) => all + (of(one) ?? 0), 0)
      return [
        {
          ...{ agencyId: first.agencyId, month: monthOfDay(first.released) },
          of: some.map(({ month }) => monthOfDay(month)),
          ...{ cases: sum(({ cases }) => cases), drawn: sum(({ drawn }) => drawn) },
          answered: sum(({ answered }) => answered),
          sources: [...new Set(some.map(({ source }) => source))],
        },
      ]
    }),
  }
}

const PAGE = 30

export async function listDraws(actor: StaffActor, after: string | null) {
  if (!may(actor.role, 'survey:manage')) return { draws: [], next: null }
  const rows = await db.surveyDraw.findMany({
    orderBy: [{ listedAt: 'desc' }, { id: 'asc' }],
    ...(after !== null && { cursor: { id: after }, skip: 1 }),
    take: PAGE + 1,
  })
  const page = rows.slice(0, PAGE)
  const counts = await inDraws(() =>
    db.surveyInvitation.groupBy({
      by: ['drawId'],
      where: { drawId: { in: page.map(({ id }) => id) }, onPaper: true, tokenHash: { not: null } },
      _count: { _all: true },
    }),
  )
  return {
    draws: page.map((row) => ({
      ...row,
      month: monthOfDay(row.month),
      printed: counts.find(({ drawId }) => drawId === row.id)?._count._all ?? 0,
    })),
    next: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}
export type Draw = Awaited<ReturnType<typeof listDraws>>['draws'][number]

export async function agencyNames(id: string, now: Instant) {
  const versions = (await readAgencyVersions()).filter((one) => one.id === id)
  const { nameVi, nameEn } = versionOn(versions, localDate(now)) ??
    versions.at(-1) ?? { nameVi: id, nameEn: id }
  return { nameVi, nameEn }
}

import '#server-only'
import { randomUUID } from 'node:crypto'
import { tellOfLateWork } from '#features/accounts/preferences/acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { lockCase } from '#features/cases/claims/acts.ts'
import type { Holidays } from '#features/cases/clocks/rules.ts'
import { tellCaseOfLateness } from '#features/cases/messages/acts.ts'
import { readCaseSnapshot } from '#features/cases/record/page-data.ts'
import { lockObjection, tellHolderOfLateness } from '#features/disputes/objections/acts.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { beganAt, type Candidate, deadlinesOf, lateCandidates, toLookAtAgain } from './data.ts'
import {
  isPersonTold,
  lookAgainAt,
  type Owed,
  owedOnCase,
  owedOnObjection,
  promisedBy,
  stepsOf,
} from './rules.ts'

const STEP = { unit: 'unitAt', city: 'cityAt', inspectorate: 'inspectorateAt' } as const

type OfficeStep = keyof typeof STEP

/** Cases and objections per run; the next run continues. */
const MOST_A_RUN = 2_000

/**
 * Reports every deadline that police have missed: to the person once, to the unit's supervisors in the same run, to city police
 * after one working day and to the inspectorate after three, while the decision is still due. Each case or objection has its own
 * transaction and lock, so that a decision made at that moment is not called late. Offices get one mail per step.
 */
export const runLateness = (
  now: Instant,
  signal?: AbortSignal,
): Promise<{
  readonly found: number
  /** Deadlines that are no longer late. */
  readonly ended: number
  readonly told: Readonly<Record<OfficeStep, number>>
}> =>
  inScope(systemScope(), async () => {
    let found = 0
    let ended = 0
    let looked = 0
    let isWhole = true
    const look = async (candidates: readonly Candidate[]): Promise<void> => {
      for (const one of candidates) {
        if (signal?.aborted || looked >= MOST_A_RUN) {
          isWhole = false
          return
        }
        looked++
        const changed = await lookAt(one, now)
        found += changed.found
        ended += changed.ended
      }
    }
    await look(await toLookAtAgain(now))
    for (const source of ['queue', 'requests', 'objections'] as const) {
      let after: Candidate | null = null
      do {
        const page: Candidate[] = await lateCandidates(source, now, after)
        await look(page)
        after = page.at(-1) ?? null
      } while (after !== null && isWhole)
    }
    const told = { unit: 0, city: 0, inspectorate: 0 }
    // Offices are told after the search: one mail for all deadlines.
    if (isWhole)
      for (const step of ['unit', 'city', 'inspectorate'] as const) told[step] = await tellOffices(step, now)
    return { found, ended, told }
  })

interface Looked {
  readonly found: number
  readonly ended: number
}

async function lookAt(one: Candidate, now: Instant): Promise<Looked> {
  try {
    return await transaction((tx) =>
      one.subject === 'case' ? lookAtCase(tx, one.id, now) : lookAtObjection(tx, one.id, now),
    )
  } catch (err) {
    log().error({ err, subjectId: one.id }, 'lateness could not be looked at')
    return { found: 0, ended: 0 }
  }
}

async function lookAtCase(tx: Tx, id: string, now: Instant): Promise<Looked> {
  await lockCase(tx, id)
  const c = await readCaseSnapshot(systemScope(), id, tx)
  if (c === null || c.erasedAt !== null) return { found: 0, ended: 0 }
  const days = await holidays(tx)
  const requests = await tx.dataRequest.findMany({
    where: { caseId: id, state: 'open' },
    select: { kind: true, dueAt: true },
  })
  const owed = [...owedOnCase(c, days, now), ...requests]
  return settle(tx, { id, number: c.number, unitId: c.unitId }, owed, days, now, (late, until) =>
    tellCaseOfLateness(
      tx,
      c,
      'late',
      { owed: late.kind, since: late.dueAt.toISOString(), until: until.toISOString() },
      now,
    ),
  )
}

async function lookAtObjection(tx: Tx, id: string, now: Instant): Promise<Looked> {
  const o = await lockObjection(tx, id)
  if (o === null || o.unitId === null) return { found: 0, ended: 0 }
  const days = await holidays(tx)
  const { number, unitId } = o
  return settle(tx, { id, number, unitId }, owedOnObjection(o), days, now, async (late, until) => {
    const words = { owed: late.kind, since: late.dueAt.toISOString(), until: until.toISOString() }
    await tellHolderOfLateness(tx, o, 'objection_late', words, now)
    return true
  })
}

/** Updates the stored deadlines of a case or objection. Its person gets one message for everything that is newly late. */
async function settle(
  tx: Tx,
  subject: {
    readonly id: string
    readonly number: string
    readonly unitId: string
  },
  owed: readonly Owed[],
  days: Holidays,
  now: Instant,
  tellPerson: (late: Owed, until: Instant) => Promise<boolean>,
): Promise<Looked> {
  const subjectId = subject.id
  const late = owed.filter(({ dueAt }) => now > dueAt)
  const stored = await deadlinesOf(tx, subjectId)
  const same = (one: Owed, other: { readonly kind: string; readonly dueAt: Instant }) =>
    one.kind === other.kind && one.dueAt.getTime() === other.dueAt.getTime()
  const over = stored.filter((row) => row.endedAt === null && !late.some((one) => same(one, row)))
  // For example, a withdrawal was undone: the deadline is late as before, and nobody is told again.
  const again = stored.filter((row) => row.endedAt !== null && late.some((one) => same(one, row)))
  const found = late.filter((one) => !stored.some((row) => same(one, row)))
  await tx.lateDeadline.updateMany({
    where: { id: { in: over.map(({ id }) => id) } },
    data: { endedAt: now },
  })
  await tx.lateDeadline.updateMany({
    where: { id: { in: again.map(({ id }) => id) } },
    data: { endedAt: null },
  })
  const began = await beganAt(tx)
  const first = found
    .filter(({ kind }) => isPersonTold(kind))
    .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
  const until = first ? promisedBy(first.kind, now, days) : now
  const isTold = first !== undefined && (await tellPerson(first, until))
  for (const one of found) {
    const personAt = isTold && isPersonTold(one.kind) ? now : null
    const fromBefore = one.dueAt < began
    const { number, unitId } = subject
    const promisedAt = isPersonTold(one.kind) ? until : now
    const row = { id: randomUUID(), subjectId, number, unitId, ...one, fromBefore, personAt, promisedAt }
    const data = { ...row, ...stepsOf(one.dueAt, days), foundAt: now, nextAt: now }
    await tx.lateDeadline.create({ data, select: { id: true } })
  }
  if (isTold && first)
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'lateness.told_person',
      subject: { kind: first.kind === 'objection' ? 'objection' : 'case', id: subjectId },
      facts: { kind: first.kind, count: found.length },
      at: now,
    })
  const open = await tx.lateDeadline.findMany({ where: { subjectId, endedAt: null } })
  const moments = [
    ...owed.map(({ dueAt }) => dueAt),
    ...open.flatMap((row) => [
      ...(row.cityAt === null ? [row.cityDueAt] : []),
      ...(row.inspectorateAt === null ? [row.inspectorateDueAt] : []),
    ]),
  ]
  await tx.lateDeadline.updateMany({
    where: { subjectId, endedAt: null },
    data: { nextAt: lookAgainAt(now, moments) },
  })
  return { found: found.length, ended: over.length }
}

/**
 * Marks the open deadlines that have reached a step as told, and returns their number by unit. Takes only those that were
 * checked lately (`nextAt`). With several workers, only one gets each deadline.
 */
async function markDeadlinesTold(
  tx: Tx,
  step: OfficeStep,
  now: Instant,
): Promise<{ readonly unitId: string; readonly count: number }[]> {
  const due =
    step === 'unit'
      ? {}
      : step === 'city'
        ? { OR: [{ cityDueAt: { lte: now } }, { fromBefore: true }] }
        : { OR: [{ inspectorateDueAt: { lte: now } }, { fromBefore: true }] }
  const rows = await tx.lateDeadline.updateManyAndReturn({
    where: { endedAt: null, [STEP[step]]: null, nextAt: { gt: now }, ...due },
    data: { [STEP[step]]: now },
    select: { unitId: true },
  })
  const units = Map.groupBy(rows, ({ unitId }) => unitId)
  return [...units].map(([unitId, of]) => ({ unitId, count: of.length }))
}

/** Tells a step's people of all deadlines that have reached it, in one transaction with the audit entries. */
const tellOffices = (step: OfficeStep, now: Instant): Promise<number> =>
  transaction(async (tx) => {
    const units = await markDeadlinesTold(tx, step, now)
    let sum = 0
    for (const { unitId, count } of units) {
      sum += count
      if (step === 'unit') await tellOfLateWork(tx, step, unitId, count, now)
      await audit(tx, {
        actor: { kind: 'system' },
        act: `lateness.told_${step}`,
        subject: { kind: 'unit', id: unitId },
        facts: { count },
        at: now,
      })
    }
    if (sum > 0 && step !== 'unit') await tellOfLateWork(tx, step, '', sum, now)
    return sum
  })

export const jobs: readonly Job[] = [
  {
    queue: 'lateness',
    schedule: '*/5 * * * *',
    run: async (_, now, signal) => {
      const run = await runLateness(now, signal)
      if (run.found > 0 || run.ended > 0) log().info(run, 'lateness')
    },
  },
]

import '#server-only'
import { countApprovals } from '#features/approvals/data.ts'
import { countComplaints } from '#features/lateness/data.ts'
import { listTriedVersions } from '#features/questionnaires/versions/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import {
  type CaseTask,
  caseCounts,
  caseTasks,
  type Person,
  requestCounts,
  type SharedCounts,
  sharedCounts,
} from '../repository.ts'
import { kindsOf, type TaskCounts, type TaskKind } from '../rules/kinds.ts'

export type { CaseTask, Person } from '../repository.ts'

const MOST_LISTED = 100

const SHARED = ['order_refused', 'release', 'survey_flow', 'suggestion', 'trial', 'comment'] as const

interface SharedWork extends SharedCounts {
  readonly trial: number
}

async function sharedWork(now: Instant): Promise<SharedWork> {
  const [counts, tried] = await Promise.all([sharedCounts(), listTriedVersions(now)])
  return { ...counts, trial: tried.length }
}

/** Returns one person's part of what waits for several. */
const partOf = (kinds: readonly TaskKind[], shared: SharedWork): TaskCounts =>
  Object.fromEntries(
    SHARED.filter((kind) => kinds.includes(kind) && shared[kind] > 0).map((kind) => [kind, shared[kind]]),
  )

/** Counts what waits for each of some people, in five statements however many they are. */
export async function taskCountsOf(
  people: readonly Person[],
  now: Instant,
): Promise<ReadonlyMap<string, TaskCounts>> {
  const police = people.filter(({ role }) => may(role, 'case:decide'))
  const others = people.filter((person) => kindsOf(person).some((kind) => SHARED.some((one) => one === kind)))
  const deciders = people.filter(({ role }) => may(role, 'approval:decide'))
  const answering = people.filter(({ role }) => may(role, 'lateness:answer'))
  const [cases, requests, shared, approvals, complaints] = await Promise.all([
    police.length === 0 ? null : caseCounts(police, now),
    police.length === 0 ? null : requestCounts(police),
    others.length === 0 ? null : sharedWork(now),
    deciders.length === 0 ? null : countApprovals(deciders, now),
    answering.length === 0 ? 0 : countComplaints(),
  ])
  return new Map(
    people.map((person) => [
      person.id,
      {
        ...cases?.get(person.id),
        ...requests?.get(person.id),
        ...(shared && partOf(kindsOf(person), shared)),
        ...approvals?.get(person.id),
        ...(complaints > 0 && may(person.role, 'lateness:answer') && { late_complaint: complaints }),
      },
    ]),
  )
}

/** Counts what waits for the reader. */
export const taskCounts = async (actor: StaffActor, now: Instant): Promise<TaskCounts> =>
  (await taskCountsOf([actor], now)).get(actor.id) ?? {}

/** Returns the cases that wait for the reader, the earliest due first. */
export const tasksInCases = async (actor: StaffActor, now: Instant): Promise<readonly CaseTask[]> =>
  may(actor.role, 'case:decide') ? caseTasks(actor, now, MOST_LISTED) : []

import '#server-only'
import { approvalFor, type ListedApproval } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { releaseDecision, releaseSubject } from '../releases/rules.ts'
import { type CarrierRelease, releaseModes as modesOfAll } from '../repository/carriers.ts'
import {
  casesOf,
  countsOf,
  findRelease,
  numbersOf,
  openReleases,
  type Release,
  type ReleaseCase,
  type ReleaseShare,
  releasesAfter,
  sharesOf,
} from '../repository/releases.ts'
import type { OrderReason } from '../rules/order.ts'

const PAGE = 25
/** Cases on one page of a release. */
const CASES_A_PAGE = 200

export interface CountedRelease extends Release {
  readonly orders: number
  readonly cases: number
  /** The number of orders that have neither gone nor been cancelled yet. */
  readonly waiting: number
}

/**
 * Returns a page of releases for the relay: what is open, the oldest first, on the first page; then all, the newest
 * first.
 */
export async function releasesPage(actor: StaffActor, after: string | null) {
  if (!may(actor.role, 'order:read')) return { open: [], all: [], next: null }
  const [open, found] = await Promise.all([
    after === null ? openReleases() : [],
    releasesAfter(after, PAGE + 1),
  ])
  const page = found.slice(0, PAGE)
  const counted = await withCounts([...open, ...page])
  return {
    open: counted.slice(0, open.length),
    all: counted.slice(open.length).filter(({ state }) => state === 'sent' || state === 'withheld'),
    next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}

/** Returns how blocks go out to each carrier, in the carriers' order, for the relay. */
export const releaseModes = async (actor: StaffActor): Promise<CarrierRelease[]> =>
  may(actor.role, 'order:read') ? modesOfAll() : []

/** Counts the releases that wait for a person of the relay. */
export async function releasesWaiting(actor: StaffActor): Promise<number> {
  if (!may(actor.role, 'order:read')) return 0
  return (await openReleases()).filter(({ state }) => state === 'waiting' || state === 'asked').length
}

/** Returns one release with what makes it up and a page of its cases, from 1; null where there is none. */
export async function release(
  actor: StaffActor,
  id: string,
  page = 1,
): Promise<{
  readonly release: CountedRelease
  readonly byCarrier: ReadonlyMap<string, number>
  readonly byArea: ReadonlyMap<string, number>
  readonly byReason: ReadonlyMap<OrderReason, number>
  /** The newest first. */
  readonly cases: readonly ReleaseCase[]
  readonly more: boolean
  /** The decision that one person asked for, and that waits for a second. */
  readonly request: ListedApproval | null
  /** The cases that are not sent with the rest, or that somebody asks not to send. */
  readonly withheld: readonly { readonly id: string; readonly number: string }[]
} | null> {
  const found = may(actor.role, 'order:read') ? await findRelease(id) : null
  if (!found) return null
  const request = await approvalFor(actor, releaseSubject(id), new Date())
  const chosen = request ? releaseDecision.parse(request.content).withheld : found.withheldCaseIds
  const [[counted], shares, cases, withheld] = await Promise.all([
    withCounts([found]),
    sharesOf(id),
    casesOf(id, CASES_A_PAGE + 1, (page - 1) * CASES_A_PAGE),
    numbersOf(chosen),
  ])
  if (!counted) return null
  return {
    release: counted,
    byCarrier: named(shares, ({ carrierId }) => carrierId),
    byArea: named(shares, ({ unitId }) => unitId),
    byReason: named(shares, ({ reason }) => reason),
    cases: cases.slice(0, CASES_A_PAGE),
    more: cases.length > CASES_A_PAGE,
    request,
    withheld,
  }
}

/** Returns a release of which somebody asks something, with the numbers of the cases that are not to go; null where there is none. */
export async function askedRelease(actor: StaffActor, id: string, withheld: readonly string[]) {
  const found = may(actor.role, 'order:read') ? await findRelease(id) : null
  if (!found) return null
  const [[counted], cases] = await Promise.all([withCounts([found]), numbersOf(withheld)])
  return counted ? { ...counted, withheld: cases.map(({ number }) => number) } : null
}

async function withCounts(releases: readonly Release[]): Promise<CountedRelease[]> {
  const counts = await countsOf(releases.map(({ id }) => id))
  return releases.map((one) => ({ ...one, ...(counts.get(one.id) ?? { orders: 0, cases: 0, waiting: 0 }) }))
}

const named = <K extends string>(
  shares: readonly ReleaseShare[],
  key: (share: ReleaseShare) => K | null,
): Map<K, number> =>
  new Map(
    shares.flatMap((share) => {
      const name = key(share)
      return name === null ? [] : [[name, share.cases] as const]
    }),
  )

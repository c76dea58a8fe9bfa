import '#server-only'
import type { CaseSnapshot } from '#features/cases/rules/snapshot.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { env, retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { tiesOf } from './commands/erase.ts'
import {
  type LegalHold,
  legalHoldOf,
  legalHoldProposed,
  legalHoldsProposed,
  type WaitingLegalHold,
} from './repository/legal-holds.ts'
import {
  consentsOf,
  erasureProposed,
  type OpenRequest,
  openRequests,
  requestsOfCase,
} from './repository/requests.ts'
import type { DataRequestItem, LegalHoldProposal, Proposal } from './rules/requests.ts'
import { type KeptBecause, keptBecause } from './rules/retention.ts'

export { retention } from '#platform/env.ts'

/** Returns what the notice fills in: how long everything is kept, and whom to turn to. */
export const noticeSettings = () => ({
  ...retention(),
  authority: env().AUTHORITY_NAME,
  basis: env().LEGAL_BASIS,
  contact: env().PRIVACY_CONTACT,
})
export type { LegalHold, OpenRequest, WaitingLegalHold }

export interface DataStanding {
  readonly requests: readonly DataRequestItem[]
  /** The reason why the case may not be erased now; null when it may. */
  readonly kept: KeptBecause | null
  readonly legalHold: LegalHold | null
  readonly consents: Awaited<ReturnType<typeof consentsOf>>
}

/**
 * Returns what a case's person asked about their data, and what stands in the way of it. The case was found within a
 * scope.
 */
export async function dataStanding(c: CaseSnapshot): Promise<DataStanding> {
  const [requests, ties, legalHold, consents] = await inScope(citizenScope(c.id, 'full'), () =>
    Promise.all([requestsOfCase(c.id), tiesOf(c.id), legalHoldOf(c.id), consentsOf(c.id)]),
  )
  return { requests, kept: keptBecause(c, ties), legalHold, consents }
}

/**
 * Returns what one of the police proposed about a case's data and another has to confirm: its person is not told of it.
 */
export async function dataProposals(
  c: Pick<CaseSnapshot, 'id'>,
): Promise<{ readonly erasure: Proposal | null; readonly hold: LegalHoldProposal | null }> {
  const [erasure, hold] = await inScope(citizenScope(c.id, 'full'), () =>
    Promise.all([erasureProposed(c.id), legalHoldProposed(c.id)]),
  )
  return { erasure, hold }
}

const MOST_LEGAL_HOLDS = 50

/** Returns the legal holds that wait for a confirmation, the oldest first. */
export async function legalHoldsWaiting(actor: StaffActor): Promise<readonly WaitingLegalHold[]> {
  const scope = may(actor.role, 'case:hold_data') ? staffScope(actor) : null
  return scope ? legalHoldsProposed(scope, MOST_LEGAL_HOLDS) : []
}

const PAGE = 25

/** Returns a page of the requests that wait for an answer of the actor, the earliest due first. */
export async function requestsPage(
  actor: StaffActor,
  after: { readonly dueAt: Instant; readonly id: string } | null,
): Promise<{ readonly rows: readonly OpenRequest[]; readonly more: boolean }> {
  const scope = may(actor.role, 'case:decide_data') ? staffScope(actor) : null
  if (!scope) return { rows: [], more: false }
  const rows = await openRequests(scope, after, PAGE + 1)
  return { rows: rows.slice(0, PAGE), more: rows.length > PAGE }
}

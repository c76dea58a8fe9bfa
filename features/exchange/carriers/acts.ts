import '#server-only'
import { askApproval, type Deciding } from '#features/approvals/acts.ts'
import type { ApprovalKind, ContentOf } from '#features/approvals/rules.ts'
import { refuse } from '#features/audit/act.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { tellCarrier, tellRelay } from '../commands/tell.ts'
import { subjectOf } from '../rules/approvals.ts'

// What two people do to a carrier's keys and ways. Its contacts on duty and the relay are told as it is asked and done.

/** Refuses a person who has no carriers, or not this one: it is then as if it were not there. */
export function refuseOutside(actor: StaffActor, carrierId: string) {
  const scope = carrierScope(actor)
  if (!scope) return refuse('forbidden')
  return reachesCarrier(scope, carrierId) ? null : refuse('not_found')
}

type CarrierKind = Extract<ApprovalKind, `carrier.${string}`>

/** Asks for one thing about a carrier; a second one of its kind is not asked for meanwhile. */
export async function askOfCarrier<K extends CarrierKind>(
  tx: Tx,
  actor: StaffActor,
  kind: K,
  content: ContentOf<K>,
  now: Instant,
): ReturnType<typeof askApproval> {
  const { carrierId } = content
  const asked = await askApproval(tx, actor, { kind }, { subject: subjectOf(kind, carrierId), content }, now)
  if (asked.ok) await tell(tx, 'second_asked', kind, carrierId)
  return asked
}

/** Tells that a request was carried out. */
export const tellDone = <K extends CarrierKind>({ tx, request }: Deciding<K>): Promise<void> =>
  tell(tx, 'second_done', request.kind, request.content.carrierId)

/** Carries out what is only let happen: the person who asked does it by an act of their own. */
export async function allow<K extends CarrierKind>(of: Deciding<K>): Promise<Result<object, never>> {
  await tellDone(of)
  return ok({})
}

function tell(tx: Tx, template: 'second_asked' | 'second_done', kind: CarrierKind, carrierId: string | null) {
  const what = kind.slice('carrier.'.length)
  return carrierId === null
    ? tellRelay(tx, { template, carrierId, values: { what } })
    : tellCarrier(tx, { template, carrierId, values: { what } })
}

import '#server-only'
import { z } from 'zod'
import { askApproval, type Deciding } from '#features/approvals/acts.ts'
import type { ApprovalKind, ContentOf } from '#features/approvals/rules.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { IMEI_DIGITS } from '../lists/rules.ts'
import { tellCarrier, tellRelay } from '../notices/acts.ts'
import { lockCarrier } from './data.ts'
import { carrierSubject } from './rules.ts'

// Requests about a carrier's keys and ways, which a second person confirms. The carrier's contacts on duty and the relay are told
// when one is asked for and when it is done.

/** Refuses an actor outside the carrier's scope; another carrier appears as not found. */
export function refuseOutside(actor: StaffActor, carrierId: string) {
  const scope = carrierScope(actor)
  if (!scope) return refuse('forbidden')
  return reachesCarrier(scope, carrierId) ? null : refuse('not_found')
}

type CarrierKind = Extract<ApprovalKind, `carrier.${string}`>

/** Asks for an approval about a carrier; one of its kind is open at a time. */
export async function askOfCarrier<K extends CarrierKind>(
  tx: Tx,
  actor: StaffActor,
  kind: K,
  content: ContentOf<K>,
  now: Instant,
): ReturnType<typeof askApproval> {
  const { carrierId } = content
  const asked = await askApproval(
    tx,
    actor,
    { kind },
    { subject: carrierSubject(kind, carrierId), content },
    now,
  )
  if (asked.ok) await tell(tx, 'second_asked', kind, carrierId)
  return asked
}

export const tellDone = <K extends CarrierKind>({ tx, request }: Deciding<K>): Promise<void> =>
  tell(tx, 'second_done', request.kind, request.content.carrierId)

/** Only permits: the asker then carries the request out by an act of their own. */
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

/** Sets the number of IMEI digits in a carrier's files; its book always has 15. */
export const setDigits = act({
  name: 'carrier.digits',
  once: () => 'carrier.digits',
  permission: 'carrier:attend',
  faults: 'exchange',
  page: ({ carrierId }) => ({ pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId } }),
  input: z.object({
    carrierId: z.string().max(40),
    imeiDigits: z.coerce.number<string | number>().pipe(z.literal(IMEI_DIGITS, 'general.invalid')),
  }),
  subject: {
    async lock(tx: Tx, { carrierId }: { readonly carrierId: string }, actor: StaffActor) {
      const outside = refuseOutside(actor, carrierId)
      if (outside) return outside
      await lockCarrier(tx, carrierId)
      return (await tx.carrier.findUnique({ where: { id: carrierId } })) ?? refuse('not_found')
    },
    entry: ({ id }: { readonly id: string }) => ({ subject: { kind: 'carrier', id } }),
  },
  async run({ tx, subject: { id, imeiDigits: before }, input: { imeiDigits } }) {
    if (before === imeiDigits) return logged()
    await tx.carrier.update({ where: { id }, data: { imeiDigits }, select: { id: true } })
    return { from: before, to: imeiDigits }
  },
})

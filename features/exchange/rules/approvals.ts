import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { RELEASE_MODES } from '../releases/rules.ts'
import { DELIVERY_WAYS } from './ways.ts'

const carrierId = z.string()

/** One more API key, or signing secret: who asked for it takes it once it is confirmed. */
export const carrierSecret = z.object({ carrierId })
/** How lines reach a carrier. `version` is the one that the asker saw. */
export const carrierWay = z.object({
  carrierId,
  way: z.enum(DELIVERY_WAYS),
  url: z.string(),
  version: z.int(),
})
/** How blocks go out; null is every carrier. */
export const carrierMode = z.object({
  carrierId: carrierId.nullable(),
  releaseMode: z.enum(RELEASE_MODES),
  releaseTimes: z.array(z.string()),
})

type Person = Pick<StaffActor, 'role' | 'carrierId'>

/** Tells whether a carrier's keys and ways are a person's to ask for and to confirm: of the relay, or of that carrier. */
export const attendsCarrier = (by: Person, { carrierId: of }: { readonly carrierId: string }): boolean =>
  may(by.role, 'carrier:manage') || (may(by.role, 'carrier:own') && by.carrierId === of)

export const releasesOrders = (by: Person): boolean => may(by.role, 'order:release')

/** Names what a request changes, such as `carrier.key:viettel`: one is open for it at a time. */
export const subjectOf = (kind: `carrier.${string}`, carrierId: string | null): string =>
  `${kind}:${carrierId ?? 'all'}`

import '#server-only'
import { type CarrierScope, reachesCarrier } from '#domain/access/scope.ts'
import type { Delivery } from '#domain/exchange/delivery.ts'
import { deliveryRow } from '../repository/delivery.ts'

/** How the lines of its book reach a carrier, and how that goes; null outside the scope and for no such carrier. */
export const deliveryOf = async (scope: CarrierScope, carrierId: string): Promise<Delivery | null> =>
  reachesCarrier(scope, carrierId) ? deliveryRow(carrierId) : null

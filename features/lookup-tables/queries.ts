import '#server-only'
import { env } from '#platform/env.ts'

export { type Device, deviceOf, holidays, type PoliceArea, policeAreas } from './repository.ts'

/** Returns the facts of the city that people are told, whoever has their case: whom to call, and by which law a SIM is stopped. */
export const citySettings = () => ({ hotline: env().CITY_HOTLINE, subscriberBasis: env().SUBSCRIBER_BASIS })

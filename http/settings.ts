import '#server-only'
import { env } from '#platform/env.ts'

/** Tells whether this installation is filled with the demo city, so that every page says so. */
export const isDemo = (): boolean => env().DEMO === 'city'

/** Returns where holes in the product are reported to, when the city has said so. */
export const securityContact = (): string | undefined => env().SECURITY_CONTACT

export const dataLicence = () => ({ name: env().DATA_LICENCE, url: env().DATA_LICENCE_URL })

/** Tells whether messages reach phone numbers here. */
export { reachesPhones } from '#platform/sms.ts'

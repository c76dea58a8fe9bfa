import '#server-only'
import { env } from '#platform/env.ts'

/** Tells whether this installation contains the demo city, so that every page says so. */
export const isDemo = (): boolean => env().DEMO === 'city'

export const securityContact = (): string | undefined => env().SECURITY_CONTACT

export const hasFirstHour = (): boolean => env().FIRST_HOUR === 'on'

export const hasRehearsal = (): boolean => env().REHEARSAL === 'on'

/** Tells whether messages carry a code with which people can check that we sent them. */
export const hasMessageCodes = (): boolean => env().MESSAGE_CODES === 'on'

/** Returns the site's address for citations, without a trailing slash. */
export const citedSiteUrl = (): string =>
  (env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`).replace(/\/$/, '')

export const dataLicence = () => ({ name: env().DATA_LICENCE, url: env().DATA_LICENCE_URL })

/** Returns the time since which the displayed data may have changed; null if it is up to date. */
export { replicaAsOf } from '#platform/read-replica.ts'
export { reachesPhones } from '#platform/sms.ts'

import '#server-only'
import { env } from '#platform/env.ts'

/** Tells whether this installation is filled with the demo city, so that every page says so. */
export const isDemo = (): boolean => env().DEMO === 'city'

/** Returns where holes in the product are reported to, when the city has said so. */
export const securityContact = (): string | undefined => env().SECURITY_CONTACT

/** Tells whether the page of the first hour is part of this installation. */
export const hasFirstHour = (): boolean => env().FIRST_HOUR === 'on'

/** Tells whether a report can be rehearsed here. */
export const hasRehearsal = (): boolean => env().REHEARSAL === 'on'

/** Tells whether messages bear a code by which people ask whether they are ours. */
export const hasMessageCodes = (): boolean => env().MESSAGE_CODES === 'on'

/** Returns the address of the site, for what is cited elsewhere. */
export const citedSiteUrl = (): string =>
  (env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`).replace(/\/$/, '')

export const dataLicence = () => ({ name: env().DATA_LICENCE, url: env().DATA_LICENCE_URL })

/** Returns since when what a page shows may have changed; null where it is up to date. */
export { replicaAsOf } from '#platform/read-replica.ts'
/** Tells whether messages reach phone numbers here. */
export { reachesPhones } from '#platform/sms.ts'

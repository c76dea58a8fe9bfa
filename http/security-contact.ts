import '#server-only'
import { env } from '#platform/env.ts'

/** Returns where holes in the product are reported to, when the city has said so. */
export const securityContact = (): string | undefined => env().SECURITY_CONTACT

import '#server-only'
import { env } from '#platform/env.ts'

/** Returns under which licence anybody may use the published figures, and where it can be read. */
export const dataLicence = () => ({ name: env().DATA_LICENCE, url: env().DATA_LICENCE_URL })

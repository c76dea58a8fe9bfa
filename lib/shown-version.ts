import { z } from 'zod'

/** The largest version that a column holds. */
const MAX_VERSION = 2 ** 31 - 1

/**
 * Reads the `version` that a form's page showed. An invalid one reads as 0, which nothing has, so that its act is refused as
 * `changed`.
 */
export const shownVersion = z.coerce.number().int().min(1).max(MAX_VERSION).catch(0)

import { z } from 'zod'

/** The largest version that a column holds. */
const MAX_VERSION = 2 ** 31 - 1

/**
 * Reads the `version` of what a form's page showed. One that was edited into no version reads as 0, which nothing has:
 * its act is refused as `stale`.
 */
export const shownVersion = z.coerce.number().int().min(1).max(MAX_VERSION).catch(0)

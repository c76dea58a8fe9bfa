import { z } from 'zod'

/** The largest version that a column holds. */
const MAX_VERSION = 2 ** 31 - 1

/**
 * Reads the `version` that a form's page showed. An invalid one reads as 0, which nothing has, so that its act is refused as
 * `changed`.
 */
export const shownVersion = z.coerce.number().int().min(1).max(MAX_VERSION).catch(0)

const invalid = 'general.invalid'
/** Reads a number that our own page put into its form, such as a version or a revision; another one is refused. */
export const shownNumber = z.coerce.number(invalid).int(invalid).min(0, invalid).max(1_000_000, invalid)

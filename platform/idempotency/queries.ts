import '#server-only'
import { outcomesByKeys } from './repository.ts'

/** Returns the answers that acts of one name gave under some keys, as long as they are kept (a week). */
export const outcomesOf = outcomesByKeys

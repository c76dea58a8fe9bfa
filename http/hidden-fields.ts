import '#server-only'
import { z } from 'zod'

/**
 * Reads the `submitKey` of a form that anybody may send. One without a key was not made by us, and is another act each
 * time.
 */
export const submitKey = z.uuid().catch(() => crypto.randomUUID())

/** Reads the `submitKey` of a form that is not taken without one. */
export const requiredSubmitKey = z.uuid('general.invalid')

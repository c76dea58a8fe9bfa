import '#server-only'
import { z } from 'zod'

/**
 * Reads the `submitKey` of a form that anybody may send. A form without a key was not made by us; each submission of it is a
 * new act.
 */
export const submitKey = z.uuid().catch(() => crypto.randomUUID())

export const requiredSubmitKey = z.uuid('general.invalid')

import '#server-only'
import { env } from '#platform/env.ts'

/** Tells whether this installation is filled with the demo city, so that every page says so. */
export const isDemo = (): boolean => env().DEMO === 'city'

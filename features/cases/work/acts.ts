import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { deleteWorkBefore } from './data.ts'

/** Deletes the figures of staff of days before one, of every unit; returns how many rows. */
export const forgetWork = (before: Instant): Promise<number> =>
  inScope(systemScope(), () => deleteWorkBefore(before))

/**
 * Lists the checks of readiness, in the order in which they are shown; each has its probe in
 * features/health/queries.ts.
 */
export const CHECK_NAMES = [
  'database',
  'schema',
  'keys',
  'queue',
  'reference',
  'storage',
  'audit',
  'messages',
  'backup',
] as const
export type CheckName = (typeof CHECK_NAMES)[number]

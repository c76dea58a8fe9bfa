import type { Result } from '#lib/result.ts'

/** Returns the value of an act that a test relies on; fails the test if it was refused. */
export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}

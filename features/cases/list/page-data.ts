import '#server-only'
import type { IdentityScope } from '#lib/access/scope.ts'
import { type ListedCase, listedAfter } from './data.ts'

export type { ListedCase } from './data.ts'

const PAGE = 20

/** Returns a page of the cases in a citizen's list; `next` is the cursor of the following page, null on the last. */
export async function listedCases(
  scope: IdentityScope,
  after: string | null,
): Promise<{ readonly cases: readonly ListedCase[]; readonly next: string | null }> {
  const found = await listedAfter(scope, after, PAGE + 1)
  const cases = found.slice(0, PAGE)
  return { cases, next: found.length > PAGE ? (cases.at(-1)?.id ?? null) : null }
}

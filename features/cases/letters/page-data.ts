import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { servedLetters } from './data.ts'
import type { Served } from './rules.ts'

/** Returns the letters of a case that were handed over at the desk. */
export const lettersServed = (scope: CaseScope, caseId: string): Promise<readonly Served[]> =>
  inScope(scope, () => servedLetters(caseId))

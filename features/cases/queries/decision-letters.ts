import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { servedLetters } from '../repository/served-letters.ts'
import type { Served } from '../rules/decision-letters.ts'

/** Returns the letters of a case that were handed over at the desk. */
export const lettersServed = (scope: CaseScope, caseId: string): Promise<readonly Served[]> =>
  inScope(scope, () => servedLetters(caseId))

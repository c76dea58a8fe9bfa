import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { activeCarriers, askableCarrierNames } from '../repository/carriers.ts'
import { questionsOfCase } from '../repository/questions.ts'

export { hasUnreleased, lookedUpAt, namedImei } from '../repository/questions.ts'

export type CaseQuestion = Awaited<ReturnType<typeof questionsOfCase>>[number]

/** Returns everything that carriers were asked in a case, with the numbers, newest first. */
export const questionsAsked = (scope: CaseScope, caseId: string): Promise<CaseQuestion[]> =>
  questionsOfCase(scope, caseId)

/** Returns the carriers that can be asked, in the carriers' order. */
export const carriersToAsk = askableCarrierNames

/** Returns the ids of all carriers; a carrier that gets letters cannot be asked. */
export const carriersIn = activeCarriers

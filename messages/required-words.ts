import type { ActWords } from '#domain/audit/acts.ts'
import type { CitizenAct } from '#domain/case/citizen-acts.ts'
import type { CaseDecision } from '#domain/case/decisions.ts'
import type { Telling } from '#domain/case/moves/spec.ts'
import type { Move, ToldMove } from '#domain/case/moves.ts'
import type { Chapter } from '#domain/case/standing.ts'
import type { CaseState } from '#domain/case/state.ts'
import type { EventMove } from '#domain/case/timeline.ts'
import type { DeliveryWay } from '#domain/exchange/ways.ts'
import type { QuestionKind } from '#domain/survey/question-kinds.ts'

type WordsFor<Name extends string, Part extends string> = Readonly<
  Record<Name, Readonly<Record<Part, string>>>
>

/**
 * Words that a name of the rules cannot do without: `catalogue.ts` does not compile where one of them has none. English
 * cannot lack what Vietnamese has.
 */
interface RequiredWords {
  readonly 'audit-acts': ActWords
  readonly 'case-staff': {
    readonly state: Readonly<Record<CaseState, string>>
    readonly move: Readonly<Record<Move | 'submitted' | 'imported', string>>
    readonly decision: WordsFor<CaseDecision, 'button' | 'does'>
  }
  readonly case: {
    readonly headline: Readonly<Record<Chapter, string>>
    readonly need: Readonly<Record<Chapter, string>>
    readonly event: WordsFor<EventMove, 'title'>
    readonly act: WordsFor<CitizenAct, 'title' | 'text' | 'button' | 'done'>
  }
  readonly delivery: Readonly<Record<DeliveryWay | `${DeliveryWay}_hint`, string>>
  readonly 'survey-questions': { readonly kind: Readonly<Record<QuestionKind, string>> }
  readonly notices: {
    readonly told: WordsFor<
      ToldMove | Telling | 'submitted' | 'imported' | 'listed',
      'subject' | 'text' | 'sms'
    >
  }
}

/** The words themselves, where none of those is missing. */
export type Complete<Words extends RequiredWords> = Words

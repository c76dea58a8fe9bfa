import type { ActWords } from '#features/audit/entries/names-rules.ts'
import type { CitizenAct } from '#features/cases/citizen/rules.ts'
import type {
  CaseDecision,
  CaseReason,
  MailedReason,
  ReadyTexts,
  ToldReason,
} from '#features/cases/decisions/rules.ts'

import type { Move, PastMove, ToldMove } from '#features/cases/moves/rules.ts'
import type { Telling } from '#features/cases/moves/spec-rules.ts'
import type { CaseState } from '#features/cases/record/state-rules.ts'
import type { Chapter } from '#features/cases/standing/rules.ts'
import type { EventMove } from '#features/cases/timeline/rules.ts'
import type { DeliveryWay } from '#features/exchange/delivery/rules.ts'
import type { QuestionKind } from '#features/questionnaires/questions/rules.ts'
import * as en from './en.ts'
import type { Locale } from './routing.ts'
import * as vi from './vi.ts'

/** The Vietnamese words set the shape; English must have every one of them. */
export type Messages = Complete<typeof vi>

/** Every word a person reads. A namespace is a file a language and a line in `vi.ts` and `en.ts`. */
export const catalogue: Readonly<Record<Locale, Messages>> = { vi, en }

type WordsFor<Name extends string, Part extends string> = Readonly<
  Record<Name, Readonly<Record<Part, string>>>
>

/**
 * Words that a name of the rules cannot do without: this file does not compile where one of them has none. English
 * cannot lack what Vietnamese has.
 */
interface RequiredWords {
  readonly 'audit-acts': ActWords
  readonly 'case-staff': {
    readonly state: Readonly<Record<CaseState, string>>
    readonly move: Readonly<Record<Move | PastMove | 'submitted' | 'imported', string>>
    readonly decision: WordsFor<CaseDecision, 'tab' | 'button' | 'does'>
    readonly code: Readonly<Record<CaseReason, string>>
  }
  readonly 'case-reasons': ReadyTexts
  readonly case: {
    readonly headline: Readonly<Record<Chapter, string>>
    readonly need: Readonly<Record<Chapter, string>>
    readonly event: WordsFor<EventMove, 'title'>
    readonly reason: Readonly<Record<ToldReason, string>>
    readonly act: WordsFor<CitizenAct, 'title' | 'text' | 'button' | 'done'>
  }
  readonly delivery: Readonly<Record<DeliveryWay | `${DeliveryWay}_hint`, string>>
  readonly 'survey-questions': { readonly kind: Readonly<Record<QuestionKind, string>> }
  readonly notices: {
    readonly told: WordsFor<
      | ToldMove
      | PastMove
      | Telling
      | 'submitted'
      | 'imported'
      | 'listed'
      | 'reported_again'
      | 'beware'
      | 'news'
      | 'changed',
      'subject' | 'text' | 'sms'
    >
    readonly reason: Readonly<Record<MailedReason, string>>
  }
}

/** The words themselves, which compile only where none of those above is missing. */
type Complete<Words extends RequiredWords> = Words

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

/** The Vietnamese words set the type; English must have each of them. */
export type Messages = Complete<typeof vi>

/** All words for people. A namespace has one file per language, and one line each in `vi.ts` and `en.ts`. */
export const catalogue: Readonly<Record<Locale, Messages>> = { vi, en }

type WordsFor<Name extends string, Part extends string> = Readonly<
  Record<Name, Readonly<Record<Part, string>>>
>

/**
 * Words that the names in the rules require: this file does not compile if one of them is missing. English must have all that
 * Vietnamese has.
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

type Complete<Words extends RequiredWords> = Words

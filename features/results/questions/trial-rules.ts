import { kindOf, type Question } from '#features/questionnaires/questions/rules.ts'
import { questionChanges } from '#features/questionnaires/versions/draft-rules.ts'
import type { Difference } from '../figure-rules.ts'
import type { Tally } from '../tally-rules.ts'

/** One question of a trial beside the version that all other forms got. */
export interface ComparedQuestion {
  readonly question: Question
  /** Asked in the same words with the same options by both. */
  readonly same: boolean
  /** Null where the version does not ask it. */
  readonly trial: Tally | null
  readonly control: Tally | null
  /** The trial's figure less the control's; null where both do not have one. */
  readonly difference: Difference | null
}

type Asked = readonly Question[]
type Figures = ReadonlyMap<string, Tally>

/** Returns every question of the trial, then the questions that only the control asks. */
export function compareVersions(
  trial: { readonly questions: Asked; readonly figures: Figures },
  control: { readonly questions: Asked; readonly figures: Figures },
  none: Tally,
): readonly ComparedQuestion[] {
  const of = (figures: Figures, { key }: Question) => figures.get(key) ?? none
  const compared = trial.questions.map((question): ComparedQuestion => {
    const other = control.questions.find(({ key }) => key === question.key)
    const own = of(trial.figures, question)
    if (other === undefined) return { question, same: false, trial: own, control: null, difference: null }
    const same = !questionChanges([other], [question]).some(
      ({ kind }) => kind === 'reworded' || kind === 'options',
    )
    const theirs = of(control.figures, other)
    const difference = kindOf(question.kind).headline?.difference(own, theirs) ?? null
    return { question, same, trial: own, control: theirs, difference }
  })
  const gone = control.questions.filter(({ key }) => !trial.questions.some((one) => one.key === key))
  return [
    ...compared,
    ...gone.map((question) => ({
      ...{ question, same: false, trial: null, difference: null },
      control: of(control.figures, question),
    })),
  ]
}

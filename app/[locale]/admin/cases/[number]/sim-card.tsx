import { getTranslations } from 'next-intl/server'
import { SimQuestionForm, SimQuestions } from '#features/cases/components/sim-question.tsx'
import type { CaseFileView } from '#features/cases/queries/case-file.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'

interface SimCardProps {
  readonly view: CaseFileView
  readonly action: FormAction
  readonly now: Instant
}

/**
 * Shows what carriers were asked about the SIM (did it live in this phone?), and the form to ask, where the
 * reporter agreed to it.
 */
export async function SimCard({ view, action, now }: SimCardProps) {
  const t = await getTranslations('case-sim')
  const { phoneNumbers } = view.particulars
  if (view.snapshot.imeiUnknown) return <LookupCard view={view} now={now} />
  const asks = view.mayAsk !== null && view.mayAsk.length > 0
  if (phoneNumbers.length === 0 || (!asks && view.mayAsk !== null && view.questions.length === 0)) return null
  return (
    <>
      {view.mayAsk === null ? <p className="text-soft">{t('no_consent')}</p> : null}
      {view.questions.length > 0 ? (
        <SimQuestions questions={view.questions} opened={view.openUntil !== null} now={now} />
      ) : null}
      {asks && view.mayAsk ? (
        <SimQuestionForm
          action={action}
          number={view.snapshot.number}
          phoneNumbers={phoneNumbers}
          hints={view.hints}
          imeis={view.imeis}
          carriers={view.mayAsk}
        />
      ) : null}
    </>
  )
}

/**
 * Shows in which phones the SIM was, as carriers answered. The product asks by itself, on the consent that came
 * with the report.
 */
async function LookupCard({ view, now }: Pick<SimCardProps, 'view' | 'now'>) {
  const t = await getTranslations('case-sim.lookup')
  const { questions } = view
  const nobody = questions.length > 0 && questions.every(({ answer }) => answer === 'not_subscriber')
  return (
    <>
      <p className="text-soft">{t(view.mayLookUp ? 'text' : 'no_consent')}</p>
      {view.mayLookUp && questions.length === 0 ? <p>{t('waits')}</p> : null}
      {nobody ? <p>{t('nobody')}</p> : null}
      {view.openUntil === null && questions.some(({ answer }) => answer === 'imeis') ? (
        <p>
          <a href="#open">{t('closed')}</a>
        </p>
      ) : null}
      {questions.length > 0 ? (
        <SimQuestions questions={questions} opened={view.openUntil !== null} now={now} />
      ) : null}
    </>
  )
}

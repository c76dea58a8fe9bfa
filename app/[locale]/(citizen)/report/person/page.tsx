import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { KnownFrom } from '#features/citizens/sign-in-offers.tsx'
import type { DraftView } from '#features/reporting/drafts/page-data.ts'
import { TextFields } from '#features/reporting/fields/text-fields.tsx'
import { MendStep } from '#features/reporting/steps/mend-step.tsx'
import { IdentityFields } from '#features/reporting/steps/person-fields.tsx'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { wordsFor } from '#http/action.ts'
import { currentCitizen, signInName } from '#http/identity.ts'
import type { Access } from '#lib/access/access.ts'
import { personAction } from '../actions.ts'
import { cameFrom, draftAt, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('person')

/** Returns the provider's data about the signed-in person, to prefill the step until it is answered. */
async function beginWith({ answers, filedAtDesk }: DraftView) {
  if (answers.fullName !== undefined || filedAtDesk) return null
  const [citizen, name] = [await currentCitizen(), signInName()]
  const isAny = citizen !== null && Object.keys(citizen.known).length > 0
  return isAny && name !== null ? { name, known: citizen.known } : null
}

export default async function PersonPage({ searchParams }: { searchParams: StepSearch }) {
  const draft = await draftAt('person')
  const [t, from, begun, errors] = await Promise.all([
    getTranslations('report.person'),
    cameFrom(searchParams),
    beginWith(draft),
    wordsFor(draft.faults.person),
  ])
  return (
    <StepFrame step="person" draft={draft}>
      <ActionForm
        action={personAction}
        initial={{ idKind: 'cccd', ...begun?.known, ...draft.answers }}
        errors={errors}
      >
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
        </StepHeading>
        {begun && <KnownFrom name={begun.name} />}
        <MendStep step="person" />
        <IdentityFields />
        {draft.filedAtDesk ? <TextFields step="person" /> : null}
        <StepButtons from={from} />
      </ActionForm>
    </StepFrame>
  )
}

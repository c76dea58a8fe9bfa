import { getTranslations } from 'next-intl/server'
import { EvidenceForm } from '#components/evidence/evidence-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { StepFrame } from '#components/report/step-frame.tsx'
import { StepButtons, StepHeading } from '#components/report/step-parts.tsx'
import { evidenceFault } from '#domain/evidence/fault.ts'
import { draftCookie, openForDraft } from '#server/entry/draft.ts'
import { retention } from '#server/privacy/loaders.ts'
import { draftEvidence } from '#server/reports/loaders.ts'
import { cameFrom, draftAt, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'
import { removeEvidenceAction } from './actions.ts'

export const generateMetadata = stepMetadata('evidence')

type Search = StepSearch &
  Promise<{
    readonly error?: string | string[]
    readonly file?: string | string[]
    readonly notice?: string | string[]
  }>

/** Proof of ownership, now or later. The form goes to a route handler: actions take no large files. */
export default async function EvidencePage({ searchParams }: { searchParams: Search }) {
  const draft = await draftAt('evidence')
  const [t, search, from, items] = await Promise.all([
    getTranslations('report.evidence'),
    searchParams,
    cameFrom(searchParams),
    draftEvidence(await draftCookie(), new Date()),
  ])
  return (
    <StepFrame step="evidence" draft={draft}>
      <EvidenceForm
        heading={
          <StepHeading title={t('title')}>
            <p>{t('lead')}</p>
            <p>{t('later', { days: retention().draftDays })}</p>
          </StepHeading>
        }
        faultyFile={typeof search.file === 'string' ? await openForDraft(search.file) : null}
        items={items}
        fault={evidenceFault(search.error)}
        repeated={search.notice === 'repeated'}
        remove={removeEvidenceAction}
      >
        <StepButtons from={from}>
          <SubmitButton name="step" value="add" look="quiet">
            {t('add')}
          </SubmitButton>
        </StepButtons>
      </EvidenceForm>
    </StepFrame>
  )
}

import { getTranslations } from 'next-intl/server'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { EvidenceForm } from '#features/evidence/files/evidence-form.tsx'
import { evidenceFault } from '#features/evidence/files/rules.ts'
import { retention } from '#features/privacy/data.ts'
import { draftEvidence } from '#features/reporting/drafts/page-data.ts'
import { needsProof } from '#features/reporting/steps/phone-rules.ts'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { draftCookie, openForDraft } from '#http/draft.ts'
import type { Access } from '#lib/access/access.ts'
import { cameFrom, draftAt, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'
import { removeEvidenceAction } from './actions.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('evidence')

type Search = StepSearch &
  Promise<{
    readonly error?: string | string[]
    readonly file?: string | string[]
    readonly notice?: string | string[]
  }>

/**
 * Renders the step for proof of ownership, now or later. The form goes to a route handler: actions take no
 * large files.
 */
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
            {/* Without an IMEI there is nothing to prove yet, and the report goes at once. */}
            <p>
              {needsProof(draft.report.phone) ? t('later', { days: retention().draftDays }) : t('laterSent')}
            </p>
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

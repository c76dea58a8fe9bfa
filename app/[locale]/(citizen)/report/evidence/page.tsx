import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { EvidenceFields } from '#features/evidence/files/evidence-fields.tsx'
import { EvidenceList } from '#features/evidence/files/evidence-list.tsx'
import { faultWords } from '#features/evidence/files/fault-words.tsx'
import { MAX_FILES } from '#features/evidence/files/limits-rules.ts'
import { type EvidenceFault, type EvidenceItem, evidenceFault } from '#features/evidence/files/rules.ts'
import { retention } from '#features/privacy/data.ts'
import { draftEvidence } from '#features/reporting/drafts/page-data.ts'
import { needsProof } from '#features/reporting/steps/phone-rules.ts'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { draftCookie, openForDraft } from '#http/draft.ts'
import type { Access } from '#lib/access/access.ts'
import type { FormAction } from '#lib/form-state.ts'
import { cameFrom, draftAt, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'
import { removeEvidenceAction } from './actions.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('evidence')

/**
 * Renders the step for evidence of ownership, now or later. The form posts to a route handler, because actions accept no large
 * files.
 */
export default async function EvidencePage({
  searchParams,
}: {
  searchParams: StepSearch &
    Promise<{
      readonly error?: string | string[]
      readonly file?: string | string[]
      readonly notice?: string | string[]
    }>
}) {
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
            {/* Without an IMEI there is nothing to prove yet, and the report is sent at once. */}
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

async function EvidenceForm(props: {
  readonly items: readonly EvidenceItem[]
  readonly fault: EvidenceFault | null
  readonly repeated: boolean
  readonly faultyFile: string | null
  readonly heading: ReactNode
  /** Removes a file from the draft; receives its id as `evidenceId`. */
  readonly remove: FormAction
  /** The step's buttons: `next` first, then others such as `add`. */
  readonly children: ReactNode
}) {
  const { items, repeated, remove, heading, children } = props
  const t = await getTranslations('evidence')
  const said = await faultWords(props)
  return (
    <PostForm
      action="/api/evidence"
      encoding="multipart"
      state={{ values: {}, errors: said === null ? {} : { evidence: said } }}
      before={
        <>
          {heading}
          {items.length === 0 ? null : (
            <section className="stack">
              <h2>{t('list.title', { count: items.length, max: MAX_FILES })}</h2>
              {repeated ? (
                <Notice tone="info">
                  <p>{t('list.repeated')}</p>
                </Notice>
              ) : null}
              <EvidenceList items={items} remove={remove} />
            </section>
          )}
        </>
      }
    >
      <EvidenceFields optional stored={items.length} />
      {children}
    </PostForm>
  )
}

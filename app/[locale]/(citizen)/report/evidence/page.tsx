import { getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { FileField } from '#components/form/field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { StepFrame } from '#components/report/step-frame.tsx'
import { StepButtons, StepHeading } from '#components/report/step-parts.tsx'
import { evidenceFault } from '#domain/evidence/fault.ts'
import { EVIDENCE_KINDS } from '#domain/evidence/kind.ts'
import { cameFrom, draftAt, framed, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const generateMetadata = stepMetadata('evidence')

type Search = StepSearch & Promise<{ readonly error?: string | string[] }>

/** Proof of ownership, now or later. The form goes to a route handler: actions take no large files. */
export default async function EvidencePage({ searchParams }: { searchParams: Search }) {
  const draft = await draftAt('evidence')
  const [t, words, faults, search, from] = await Promise.all([
    getTranslations('report'),
    getTranslations('evidence'),
    getTranslations('faults.evidence'),
    searchParams,
    cameFrom(searchParams),
  ])
  const fault = evidenceFault(search.error)
  const kinds = EVIDENCE_KINDS.map((value) => ({ value, label: words(`kind.${value}`) }))
  return (
    <StepFrame step="evidence" draft={framed(draft)}>
      <PostForm
        action="/api/evidence"
        encoding="multipart"
        state={{ values: {}, errors: fault === null ? {} : { evidence: faults(fault) } }}
      >
        <StepHeading title={t('evidence.title')}>
          <p>{t('evidence.lead')}</p>
          <p>{t('evidence.later')}</p>
        </StepHeading>
        <FileField
          name="evidence"
          label={words('field.label')}
          hint={words('field.hint')}
          accept="image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"
          multiple
        />
        <Select name="evidenceKind" label={words('kind.label')} options={kinds} />
        <p className="text-soft">{t('review.files', { count: draft.evidence })}</p>
        <StepButtons from={from}>
          <SubmitButton name="step" value="add" look="quiet">
            {t('evidence.add')}
          </SubmitButton>
        </StepButtons>
      </PostForm>
    </StepFrame>
  )
}

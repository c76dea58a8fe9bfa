import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { ObjectionFrame } from '#features/disputes/drafts/objection-frame.tsx'
import { EvidenceFields } from '#features/evidence/files/evidence-fields.tsx'
import { EvidenceList } from '#features/evidence/files/evidence-list.tsx'
import { faultWords } from '#features/evidence/files/fault-words.tsx'
import { evidenceFault, HOLDER_KINDS } from '#features/evidence/files/rules.ts'
import { citySettings } from '#features/lookup-tables/data.ts'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { newWordAction, removeProofAction } from '../actions.ts'
import { objectionDraftAt, objectionMetadata } from '../step.ts'

export const access = 'holder of the cookie of an objection’s draft' satisfies Access

export const generateMetadata = objectionMetadata('proof')

/**
 * Asks for proof that the person holds the phone now (a photo of its screen beside a word, or a visit), and for their own
 * evidence.
 */
export default async function ObjectionProofPage({
  searchParams,
}: {
  searchParams: Promise<{ readonly error?: string | string[]; readonly notice?: string | string[] }>
}) {
  const draft = await objectionDraftAt('proof')
  const [t, faults, evidence, locale, { error, notice }] = await Promise.all([
    getTranslations('objection.proof'),
    getTranslations('faults'),
    getTranslations('evidence'),
    getLocale(),
    searchParams,
  ])
  const ended = draft.wordUntil <= new Date()
  const said =
    error === 'not_shown' || error === 'word_ended'
      ? faults(`objection.${error}`)
      : await faultWords({ items: draft.evidence, fault: evidenceFault(error), faultyFile: null })
  return (
    <ObjectionFrame step="proof" draft={draft} hotline={citySettings().hotline}>
      <PostForm
        action="/api/objection/evidence"
        encoding="multipart"
        state={{
          values: { inspection: draft.inspection ? 'on' : '' },
          errors: said ? { evidence: said } : {},
        }}
        before={
          <>
            <StepHeading title={t('title')}>
              <p>{t('lead')}</p>
            </StepHeading>
            <Card className="stack" data-objection-word={draft.word}>
              <h2>{t('wordTitle')}</h2>
              <div className="prose">
                <ol>
                  <li>
                    {t('write')}
                    <span className="mt-2 block w-fit rounded-part border-2 border-dashed border-teal bg-teal-wash px-5 py-3 text-2xl font-semibold">
                      {draft.word}
                    </span>
                  </li>
                  <li>{t.rich('press', { b: (words) => <b>{words}</b> })}</li>
                  <li>{t('photo')}</li>
                </ol>
              </div>
              <p className="text-sm text-soft">
                {ended ? t('ended') : t('until', { until: formatInstant(locale, draft.wordUntil, 'moment') })}
              </p>
              <ActionForm action={newWordAction} scope="word" className="">
                <SubmitButton look={ended ? 'primary' : 'quiet'} size="small">
                  {t('newWord')}
                </SubmitButton>
              </ActionForm>
            </Card>
            {draft.evidence.length === 0 ? null : (
              <section className="stack">
                <h2>{t('kept')}</h2>
                {notice === 'repeated' ? (
                  <Notice tone="info">
                    <p>{evidence('list.repeated')}</p>
                  </Notice>
                ) : null}
                <EvidenceList items={draft.evidence} remove={removeProofAction} />
              </section>
            )}
          </>
        }
      >
        <p className="text-soft">{t('own')}</p>
        <EvidenceFields optional kinds={HOLDER_KINDS} stored={draft.evidence.length} />
        <Checkbox name="inspection" label={t('inspection')} hint={t('inspectionHint')} />
        <StepButtons>
          <SubmitButton name="step" value="add" look="quiet">
            {t('add')}
          </SubmitButton>
        </StepButtons>
      </PostForm>
    </ObjectionFrame>
  )
}

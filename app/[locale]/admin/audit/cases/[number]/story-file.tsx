import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { asksForCode } from '#http/session.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { storyStepUpAction } from './actions.ts'

/** Offers the whole story for download with its proofs, once a fresh code is given. */
export async function StoryFile({ number, sealed }: { readonly number: string; readonly sealed: boolean }) {
  const [t, asks] = await Promise.all([getTranslations('audit.story'), asksForCode('file')])
  return (
    <section className="card stack">
      <h2>{t('file')}</h2>
      <p>{t('fileText')}</p>
      <p className="text-sm text-soft">{t('how')}</p>
      {sealed ? null : <p>{t('fileWaits')}</p>}
      {sealed && asks ? (
        <ActionForm action={storyStepUpAction} className="stack">
          <HiddenField name="number" value={number} />
          <StepUpField kind="file" />
          <p className="actions">
            <SubmitButton look="quiet">{t('goOn')}</SubmitButton>
          </p>
        </ActionForm>
      ) : null}
      {sealed && !asks ? (
        <p className="actions">
          <a
            className="button"
            data-look="quiet"
            href={`/api/audit/cases/${number}`}
            download
            data-story-proof
          >
            <Icon name="download" />
            {t('download')}
          </a>
        </p>
      ) : null}
    </section>
  )
}

import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import type { CountedRelease } from '#server/exchange/loaders/releases.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { askReleaseAction, confirmReleaseAction, sendBatchAction } from '../actions.ts'

interface Props {
  readonly release: CountedRelease
  readonly viewerId: string
}

/** What somebody of the relay can do about a release: ask, confirm what another asked, or send a batch. */
export async function Decision({ release, viewerId }: Props) {
  if (release.state !== 'waiting' && release.state !== 'asked') return null
  const t = await getTranslations('releases')
  if (release.cause === 'choice') {
    return (
      <Card>
        <h2>{t('batch')}</h2>
        <ActionForm action={sendBatchAction} scope="batch" className="stack">
          <HiddenField name="releaseId" value={release.id} />
          <StepUpField />
          <SubmitButton>{t('send_batch')}</SubmitButton>
        </ActionForm>
      </Card>
    )
  }
  return (
    <Card>
      <h2>{t('decision')}</h2>
      {release.wish === null ? null : <Asked release={release} viewerId={viewerId} />}
      <h3>{t(release.wish === null ? 'ask' : 'ask_again')}</h3>
      <p>{t('ask_text')}</p>
      <ActionForm action={askReleaseAction} scope="ask" className="stack">
        <HiddenField name="releaseId" value={release.id} />
        <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={3} />
        <StepUpField />
        <p className="actions">
          <SubmitButton name="wish" value="sending" look={release.wish === null ? 'primary' : 'quiet'}>
            {t('ask_sending')}
          </SubmitButton>
          <SubmitButton name="wish" value="withholding" look="danger">
            {t('ask_withholding')}
          </SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}

async function Asked({ release, viewerId }: Props) {
  const t = await getTranslations('releases')
  const wish = release.wish ?? 'sending'
  const own = release.askedById === viewerId
  return (
    <>
      <Notice tone="wait" title={t(own ? `asked_you_${wish}` : `asked_other_${wish}`)}>
        <p className="wrap-anywhere">
          <Written>{release.reason}</Written>
        </p>
      </Notice>
      {own ? null : (
        <ActionForm action={confirmReleaseAction} scope="confirm" className="stack">
          <HiddenField name="releaseId" value={release.id} />
          <HiddenField name="wish" value={wish} />
          <HiddenField name="reason" value={release.reason ?? ''} />
          <p>{t(`confirm_text_${wish}`)}</p>
          <StepUpField />
          <SubmitButton look={wish === 'sending' ? 'primary' : 'danger'}>{t(`confirm_${wish}`)}</SubmitButton>
        </ActionForm>
      )}
    </>
  )
}

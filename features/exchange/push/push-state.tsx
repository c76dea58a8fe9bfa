import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { type DeliveryWay, type Webhook, wayOf } from '../delivery/rules.ts'

export interface PushStateProps {
  readonly carrierId: string
  readonly way: DeliveryWay
  readonly webhook: Webhook
  readonly resume: FormAction
}

const TONES = { live: 'ok', paused: 'plain', no_secret: 'wait', failing: 'wait' } as const

/** Shows how pushing to a carrier goes, and what to do where it has stopped. */
export async function PushState({ carrierId, way, webhook, resume }: PushStateProps) {
  const t = await getTranslations('delivery')
  const standing = wayOf(way).standing(webhook)
  const stopped = standing === 'gone' || standing === 'given_up'
  return (
    <Card data-push-state={standing}>
      <h2>{t('push_title')}</h2>
      {stopped ? (
        <Notice tone="bad" title={t(`${standing}_title`)}>
          <p>{t(`${standing}_text`)}</p>
        </Notice>
      ) : (
        <p>
          <Tag tone={TONES[standing]}>{t(standing)}</Tag>
        </p>
      )}
      {standing === 'no_secret' ? <Notice>{t('no_secret_text')}</Notice> : null}
      <Facts webhook={webhook} />
      {stopped ? (
        <ActionForm action={resume} scope="resume" className="stack">
          <HiddenField name="carrierId" value={carrierId} />
          <SubmitButton>{t('resume')}</SubmitButton>
        </ActionForm>
      ) : null}
    </Card>
  )
}

async function Facts({ webhook }: { readonly webhook: Webhook }) {
  const t = await getTranslations('delivery')
  const times = [
    { key: 'failing_since', at: webhook.failingSince },
    { key: 'next_try', at: webhook.nextTryAt },
  ] as const
  return (
    <SummaryList
      rows={[
        { key: 'url', term: t('url'), value: webhook.url },
        {
          key: 'last_success',
          term: t('last_success'),
          value: webhook.lastSuccessAt ? <Time at={webhook.lastSuccessAt} /> : t('never'),
        },
        ...times.flatMap(({ key, at }) => (at ? [{ key, term: t(key), value: <Time at={at} /> }] : [])),
      ]}
    />
  )
}

import { getTranslations } from 'next-intl/server'
import { KioskForm } from '#components/survey/kiosk-form.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { Questionnaire } from '#domain/survey/questionnaire.ts'
import { kioskOf } from '#server/survey/loaders/kiosks.ts'
import { rateAction } from '../actions.ts'

export interface KioskPageProps {
  readonly token: string
  readonly agency: string
  readonly name: string
  readonly questionnaire: Questionnaire
  readonly locale: 'vi' | 'en'
  /** A plain form has just been sent from here. */
  readonly sent: boolean
}

/** The page of a kiosk's link: its form, over the whole screen, or why the link opens nothing. */
export async function KioskPage({ token, agency, name, questionnaire, locale, sent }: KioskPageProps) {
  const [t, kiosk] = await Promise.all([getTranslations('survey-kiosk'), kioskOf(token, agency, new Date())])
  if (!kiosk.ok) {
    return (
      <div className="stack-l max-w-measure" data-kiosk-refused={kiosk.error}>
        <PageHeader kicker={name} title={t('refused.title')} lead={t(`refused.${kiosk.error}`)} />
        <p>{t('refused.own')}</p>
        <p className="actions">
          <ButtonLink href={{ pathname: '/rate/[agency]', params: { agency } }}>
            {t('refused.rate')}
          </ButtonLink>
        </p>
      </div>
    )
  }
  return (
    <div className="stack-l kiosk" data-kiosk={kiosk.value.id}>
      <PageHeader kicker={`${name} · ${kiosk.value.counter}`} title={t('title')} lead={t('lead')} />
      {sent ? (
        <Notice tone="ok" title={t('sent')}>
          <p>{t('sentText')}</p>
        </Notice>
      ) : null}
      <KioskForm {...{ agency, token, questionnaire, locale }} action={rateAction} />
    </div>
  )
}

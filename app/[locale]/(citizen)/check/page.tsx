import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { CheckResult } from '#features/check/check-result.tsx'
import { NotReported, Reported } from '#features/check/outcomes.tsx'
import type { Access } from '#lib/access/access.ts'
import { checkAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('check')
  return { title: t('title') }
}

const places = ['dial', 'box', 'tray'] as const
const advice = ['compare', 'both', 'sim', 'paper'] as const

export default async function CheckPage() {
  const t = await getTranslations('check')
  const strong = { b: (words: React.ReactNode) => <b>{words}</b> }
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <ActionForm action={checkAction} className="stack max-w-(--container-measure)">
        <CheckResult reported={<Reported />} notReported={<NotReported />} invalid={t('invalid')} />
        <Field
          name="imei"
          label={t('field')}
          hint={t('hint')}
          inputMode="numeric"
          look="number"
          width="medium"
          after={<ImeiTyping name="imei" />}
        />
        <p className="actions pt-1">
          <SubmitButton>{t('submit')}</SubmitButton>
        </p>
        <p className="text-sm text-soft">{t('privacy')}</p>
      </ActionForm>
      <section className="prose stack" aria-labelledby="where">
        <h2 id="where">{t('where.title')}</h2>
        <ul>
          {places.map((place) => (
            <li key={place}>{t.rich(`where.${place}`, strong)}</li>
          ))}
        </ul>
      </section>
      <section className="prose stack" aria-labelledby="before">
        <h2 id="before">{t('before.title')}</h2>
        <ul>
          {advice.map((one) => (
            <li key={one}>{t.rich(`before.${one}`, strong)}</li>
          ))}
        </ul>
      </section>
    </div>
  )
}

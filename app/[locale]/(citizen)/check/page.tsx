import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { CheckResult } from '#features/check/check-result.tsx'
import { NotReported, Reported } from '#features/check/outcomes.tsx'
import { ImeiPhoto } from '#features/reporting/photo/imei-photo.tsx'
import { arePhonesRegistered } from '#http/phones.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { beginWatchAction, checkAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('check', 'title')

const places = ['dial', 'box', 'tray'] as const
const advice = ['compare', 'both', 'sim', 'paper'] as const

const WATCH_FORM = 'watch'

export default async function CheckPage() {
  const t = await getTranslations('check')
  const strong = { b: (words: React.ReactNode) => <b>{words}</b> }
  const imei = { inputMode: 'numeric', look: 'number', width: 'medium' } as const
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t.rich('lead', strong)} />
      <ActionForm action={checkAction} className="stack max-w-(--container-measure)">
        <CheckResult
          reported={<Reported />}
          notReported={<NotReported />}
          invalid={t('invalid')}
          words={{ reported: t('each.reported'), not_reported: t('each.notReported'), at: t('each.at') }}
          watchForm={WATCH_FORM}
        />
        <ImeiPhoto purpose="check" />
        <Field name="imei" label={t('field')} hint={t('hint')} {...imei} after={<ImeiTyping name="imei" />} />
        <FoldedFields summary={t('second')} names={['imei2']}>
          <Field name="imei2" label={t('field2')} {...imei} optional />
        </FoldedFields>
        <p className="actions pt-1">
          <SubmitButton>{t('submit')}</SubmitButton>
        </p>
        <p className="text-sm text-soft">{t('privacy')}</p>
      </ActionForm>
      <div className="after-check max-w-(--container-measure)">
        <ActionForm action={beginWatchAction} scope={WATCH_FORM} className="folds">
          {/* biome-ignore lint/a11y/useButtonType: it submits, as buttons do; programs find the check by its one marked button. */}
          <button className="way-on">
            <b>{t('watch.title')}</b>
            <span>{t('watch.offer')}</span>
          </button>
        </ActionForm>
      </div>
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
          {arePhonesRegistered() ? (
            <li>{t.rich('before.seller', { link: (words) => <Link href="/certificate">{words}</Link> })}</li>
          ) : null}
        </ul>
      </section>
      <p className="text-sm">
        <Link href="/check/watch">{t('watch.seeKept')}</Link>
      </p>
    </div>
  )
}

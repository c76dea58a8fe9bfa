import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import type { Flow } from '#features/ratings/flows/data.ts'
import { formatDate } from '#messages/dates.ts'
import { seeFlowAction } from './actions.ts'

/** Renders the days whose answers are odd, each with what to do; nothing where there are none. */
export async function Flows({ flows }: { readonly flows: readonly Flow[] }) {
  const [t, locale] = await Promise.all([getTranslations('survey-admin.flows'), getLocale()])
  if (flows.length === 0) return null
  return (
    <section className="stack" aria-labelledby="flows" data-flows={flows.length}>
      <h2 id="flows">{t('title')}</h2>
      <p className="max-w-measure text-soft">{t('lead')}</p>
      <ul className="rounded-card border border-line bg-card divide-y divide-line">
        {flows.map(({ agencyId, day, name, answers, networks, equalAnswers, signs }) => (
          <li
            key={`${agencyId} ${day}`}
            className="stack px-4 py-3"
            data-flow={agencyId}
            data-answers={answers}
          >
            <p>
              <Link
                href={{ pathname: '/results/[agency]', params: { agency: agencyId } }}
                className="font-semibold"
              >
                {t('one', {
                  name: locale === 'vi' ? name.nameVi : name.nameEn,
                  day: formatDate(locale, day),
                  ...{ answers, networks },
                })}
              </Link>
            </p>
            <ul>
              {signs.map((sign) => (
                <li key={sign} data-sign={sign}>
                  {t(`sign.${sign}`, { equal: equalAnswers })}
                </li>
              ))}
            </ul>
            <ActionForm action={seeFlowAction} scope={`flow-${agencyId}-${day}`}>
              <HiddenField name="agencyId" value={agencyId} />
              <HiddenField name="day" value={day} />
              <SubmitButton look="quiet">{t('seen')}</SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
    </section>
  )
}

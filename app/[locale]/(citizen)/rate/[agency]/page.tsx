import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { RatingForm } from '#components/survey/rating-form.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { serviceDates } from '#domain/survey/service-date.ts'
import { missingPath } from '#messages/paths.ts'
import { ratingPage } from '#server/survey/loaders/rating.ts'
import { rateAction } from '../actions.ts'

interface Props {
  readonly params: Promise<{ readonly agency: string }>
}

async function load({ params }: Props) {
  const [{ agency: id }, locale] = await Promise.all([params, getLocale()])
  const now = new Date()
  const page = await ratingPage(decodeURIComponent(id), now)
  if (page === null) redirect(missingPath(locale))
  return { ...page, now, locale, name: locale === 'vi' ? page.agency.nameVi : page.agency.nameEn }
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [t, { name }] = await Promise.all([getTranslations('survey.form'), load(props)])
  return { title: t('pageTitle', { agency: name }) }
}

export default async function RatePage(props: Props) {
  const [t, { agency, questionnaire, name, now, locale }] = await Promise.all([
    getTranslations('survey.form'),
    load(props),
  ])
  const required = questionnaire.questions.filter((question) => question.required).length
  return (
    <div className="stack-l max-w-measure">
      <PageHeader
        kicker={name}
        title={t('title')}
        lead={t('lead', { required, optional: questionnaire.questions.length - required })}
      />
      <RatingForm
        action={rateAction}
        agency={agency.id}
        questionnaire={questionnaire}
        locale={locale}
        dates={serviceDates(now)}
      />
    </div>
  )
}

import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { RatingForm } from '#components/survey/rating-form.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { serviceDates } from '#domain/survey/service-date.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { type RatingPage, ratingPage } from '#server/survey/loaders/rating.ts'
import { rateAction } from '../actions.ts'

interface Props {
  readonly params: Promise<{ readonly agency: string }>
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** The version that the address names: a form sent back with faults asks the same again. */
async function namedVersion({ searchParams }: Props): Promise<number | null> {
  const { v } = await searchParams
  if (typeof v === 'string') return /^\d{1,6}$/.test(v) ? Number(v) : 0
  // A form that was made before there was a trial comes back to the questions that everybody gets.
  return (await headers()).has('content-type') ? 0 : null
}

async function load(props: Props) {
  const [{ agency: id }, version, locale] = await Promise.all([
    props.params,
    namedVersion(props),
    getLocale(),
  ])
  const now = new Date()
  const page = await ratingPage(decodeURIComponent(id), version, now)
  if (page === null) redirect(missingPath(locale))
  if (page.drawn) redirect(await addressOf(props, page))
  return { ...page, now, locale, name: locale === 'vi' ? page.agency.nameVi : page.agency.nameEn }
}

async function addressOf({ searchParams }: Props, { agency, questionnaire }: RatingPage): Promise<string> {
  const sent = Object.entries(await searchParams).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value]] : [],
  )
  const query = { ...Object.fromEntries(sent), v: String(questionnaire.version) }
  return pathFor(await getLocale(), {
    pathname: '/rate/[agency]',
    params: { agency: agency.id },
    query,
  })
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

import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import {
  BeforeNotice,
  CameFromNotice,
  EndingNotice,
  RenamedNotice,
} from '#features/agencies/lineage-notices.tsx'
import { retention } from '#features/privacy/data.ts'
import { findStanding } from '#features/ratings/invitations/data.ts'
import { type RatingPage, readRatingPage } from '#features/ratings/rating/data.ts'
import { issueForm } from '#features/ratings/rating/proof-acts.ts'
import { RatingForm } from '#features/ratings/rating/rating-form.tsx'
import { OpenPlace } from '#features/ratings/rating/recent-places.tsx'
import { CHANNEL_PARAMETER, POSTER_QUERY, parseChannel } from '#features/ratings/rating/rules.ts'
import { countForm } from '#features/results/questions/trial-acts.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { rateAction } from '../actions.ts'
import { KioskPage } from './kiosk-page.tsx'

export const access = 'anybody' satisfies Access

type Props = PageProps<'/[locale]/rate/[agency]'>

/** Returns the version in the address, so that a form sent back with faults asks the same questions; null if there is none. */
async function namedVersion({ searchParams }: Props): Promise<number | null> {
  const { v, moi } = await searchParams
  // Invited people get the version in use: a trial has its own people.
  if (moi !== undefined) return 0
  if (typeof v === 'string') return /^\d{1,6}$/.test(v) ? Number(v) : 0
  // A form made before the trial began gets the public questions again.
  return (await headers()).has('content-type') ? 0 : null
}

async function load(props: Props) {
  const [{ agency: id }, { from, kiosk, [CHANNEL_PARAMETER]: channel }, version, locale] = await Promise.all([
    props.params,
    props.searchParams,
    namedVersion(props),
    getLocale(),
  ])
  const asked = { version, from: typeof from === 'string' ? from : null }
  const page = await readRatingPage(decodeURIComponent(id), asked, new Date())
  if (page === null) notFoundPage(locale)
  const [only, ...others] = page.ending?.successors ?? []
  if (page.dates === null && only !== undefined && others.length === 0 && kiosk === undefined) {
    // An old link or QR code of an agency with exactly one successor. A kiosk stays with its own agency.
    redirect(
      pathFor(locale, {
        pathname: '/rate/[agency]',
        params: { agency: only.id },
        query: { from: id, ...(parseChannel(channel) === 'poster' && POSTER_QUERY) },
      }),
    )
  }
  if (page.drawn && page.dates !== null) {
    if (page.trial !== null) countForm(page.trial, page.questionnaire.version)
    redirect(await addressOf(props, page))
  }
  return { ...page, locale, name: locale === 'vi' ? page.agency.nameVi : page.agency.nameEn }
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
  const [t, page, { kiosk, home, moi, [CHANNEL_PARAMETER]: channel }] = await Promise.all([
    getTranslations('survey'),
    load(props),
    props.searchParams,
  ])
  const { agency, questionnaire, dates, ending, before, cameFrom, name, locale } = page
  if (typeof kiosk === 'string') {
    const ended = ending !== null
    const names = { vi: agency.nameVi, en: agency.nameEn }
    const shown = { agency: agency.id, names, questionnaire, locale, ended }
    return <KioskPage {...shown} token={kiosk} home={typeof home === 'string' ? home : undefined} />
  }
  const endingNotice = ending && (
    <EndingNotice name={name} ending={ending} open={dates !== null} page="/rate/[agency]" />
  )
  if (dates === null) {
    return (
      <div className="stack-l max-w-measure">
        <PageHeader kicker={t('form.kicker')} title={name} />
        {endingNotice}
        <p className="actions">
          <ButtonLink href="/rate" look="quiet">
            {t('lineage.all')}
          </ButtonLink>
          <ButtonLink href={{ pathname: '/results/[agency]', params: { agency: agency.id } }} look="quiet">
            {t('lineage.past')}
          </ButtonLink>
        </p>
      </div>
    )
  }
  const token = typeof moi === 'string' ? moi : null
  const standing = token === null ? null : await findStanding(token, agency.id, new Date())
  if (standing !== null && standing !== 'open') {
    return (
      <div className="stack-l max-w-measure" data-invitation={standing}>
        <PageHeader
          kicker={name}
          title={t(`invitation.${standing}.title`)}
          lead={t(`invitation.${standing}.text`)}
        />
        <p className="actions">
          <ButtonLink href={{ pathname: '/rate/[agency]', params: { agency: agency.id } }}>
            {t('invitation.open_form')}
          </ButtonLink>
          <ButtonLink href={{ pathname: '/results/[agency]', params: { agency: agency.id } }} look="quiet">
            {t('lineage.past')}
          </ButtonLink>
        </p>
      </div>
    )
  }
  const required = questionnaire.questions.filter((question) => question.required).length
  return (
    <div className="stack-l max-w-measure">
      <PageHeader
        kicker={name}
        title={t('form.title')}
        lead={t('form.lead', { required, optional: questionnaire.questions.length - required })}
      />
      {cameFrom && <CameFromNotice from={cameFrom} to={name} />}
      {endingNotice}
      <RenamedNotice renamings={page.renamings} page="/rate/[agency]" />
      {before && <BeforeNotice before={before} />}
      {token === null ? (
        <OpenPlace place={{ id: agency.id, vi: agency.nameVi, en: agency.nameEn }} />
      ) : (
        <Notice title={t('invitation.open.title')}>
          <p>{t('invitation.open.text')}</p>
        </Notice>
      )}
      <RatingForm
        action={rateAction}
        agency={agency.id}
        kind={agency.kind}
        channel={parseChannel(channel)}
        {...(token !== null && { invitation: token })}
        questionnaire={questionnaire}
        locale={locale}
        commentMonths={retention().commentMonths}
        day={{ dates, ended: ending?.on ?? null }}
        {...(token === null && { form: await issueForm(new Date()) })}
      />
    </div>
  )
}

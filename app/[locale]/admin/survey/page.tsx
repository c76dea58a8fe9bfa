import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Door } from '#components/ui/card.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { countSurveyWaiting } from '#features/city-report/page-data.ts'
import { listFlows } from '#features/ratings/flows/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import type { Pathname } from '#messages/routing.ts'
import { seeFlowAction } from './actions.ts'
import { AnswerDays, Waiting } from './waiting.tsx'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-admin', 'title')

/** The topics of the page; a new one needs a line here and two texts in `survey-admin.json`. */
const TOPICS = [
  { key: 'agencies', href: '/admin/survey/agencies', needs: 'survey:read' },
  { key: 'questionnaires', href: '/admin/survey/questionnaires', needs: 'survey:read' },
  { key: 'comments', href: '/admin/survey/comments', needs: 'voice:read' },
  { key: 'kiosks', href: '/admin/survey/kiosks', needs: 'survey:manage' },
  { key: 'invitations', href: '/admin/survey/invitations', needs: 'survey:manage' },
  { key: 'volumes', href: '/admin/survey/volumes', needs: 'survey:manage' },
  { key: 'exclusions', href: '/admin/survey/exclusions', needs: 'survey:read' },
  { key: 'export', href: '/admin/survey/export', needs: 'survey:manage' },
  { key: 'suggestions', href: '/admin/survey/suggestions', needs: 'survey:manage' },
  { key: 'report', href: '/admin/survey/report', needs: 'survey:read' },
] as const satisfies readonly { key: string; href: Pathname; needs: Permission }[]

export default async function SurveyPage({ searchParams }: PageProps<'/[locale]/admin/survey'>) {
  const staff = await requireStaff(access)
  const [t, waiting, flows, { done }] = await Promise.all([
    getTranslations('survey-admin'),
    countSurveyWaiting(staff, new Date()),
    listFlows(staff),
    searchParams,
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {done === 'flow' ? <DoneNotice title={t('flows.done')} /> : null}
      <Flows flows={flows} />
      {waiting === null ? null : (
        <>
          <Waiting waiting={waiting} />
          <AnswerDays days={waiting.days} />
        </>
      )}
      <div className="grid gap-4 md:grid-cols-2">
        {TOPICS.filter(({ needs }) => may(staff.role, needs)).map(({ key, href }) => (
          <Door key={key} level="h2" href={href} title={t(`topic.${key}`)}>
            {t(`about.${key}`)}
          </Door>
        ))}
      </div>
    </div>
  )
}

/** Renders the days with unusual answers, each with its remedy; nothing if there are none. */
async function Flows({ flows }: { readonly flows: Awaited<ReturnType<typeof listFlows>> }) {
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

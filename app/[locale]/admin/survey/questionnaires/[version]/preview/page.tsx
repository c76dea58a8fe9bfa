import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { retention } from '#features/privacy/data.ts'
import { RatingForm } from '#features/ratings/rating/rating-form.tsx'
import { serviceDates } from '#features/ratings/rating/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { previewAction } from '../../actions.ts'
import { loadVersion } from '../load.ts'

export const access = 'survey:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/preview'>): Promise<Metadata> {
  const [t, { version }] = await Promise.all([getTranslations('survey-questions'), params])
  return { title: t('preview.title', { title: t('version', { version }) }) }
}

/** Renders the form as citizens will see it. It checks the input and sends nothing. */
export default async function PreviewPage({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/preview'>) {
  const staff = await requireStaff(access)
  const [{ version }, locale, t, form] = await Promise.all([
    params,
    getLocale(),
    getTranslations('survey-questions'),
    getTranslations('survey.form'),
  ])
  const one = await loadVersion(staff, version)
  return (
    <div className="stack-l max-w-measure">
      <PageHeader
        kicker={t('version', { version: one.version })}
        title={t('preview.title', { title: form('title') })}
      />
      <Notice tone="info">
        <p>{t('preview.notice')}</p>
      </Notice>
      <p>
        <Link href={{ pathname: '/admin/survey/questionnaires/[version]', params: { version } }}>
          {t('version', { version: one.version })}
        </Link>
      </p>
      <RatingForm
        action={previewAction}
        agency=""
        kind="district"
        questionnaire={one}
        locale={locale}
        commentMonths={retention().commentMonths}
        day={{ dates: serviceDates(new Date()), ended: null }}
      />
    </div>
  )
}

import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { findOpenGroup } from '#features/ratings/integrity/data.ts'
import { Rule } from '#features/ratings/integrity/exclusion-rule.tsx'
import { writtenMonth } from '#features/ratings/integrity/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { SecondPersonDecision } from '../../second-person/decision.tsx'
import { askReversalAction } from './actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-integrity.staff', 'reverse')

export default async function ExclusionPage({
  params,
}: PageProps<'/[locale]/admin/survey/exclusions/[exclusion]'>) {
  const staff = await requireStaff(access)
  const [{ exclusion: id }, locale] = await Promise.all([params, getLocale()])
  const group = z.uuid().safeParse(id).success ? await findOpenGroup(staff, id) : null
  // A colleague, or a second press of this form, has reversed it meanwhile; the list shows the outcome.
  if (group === null) redirect(pathFor(locale, '/admin/survey/exclusions'))
  const [t, words, ledger] = await Promise.all([
    getTranslations('survey-integrity.staff'),
    getTranslations('survey-integrity.reason'),
    getTranslations('survey-integrity.ledger'),
  ])
  return (
    <div className="stack-l max-w-measure">
      <PageHeader
        kicker={locale === 'vi' ? group.agency.nameVi : group.agency.nameEn}
        title={words(group.reason)}
        lead={<Rule reason={group.reason} />}
      />
      <SummaryList
        rows={[
          { key: 'month', term: t('month'), value: writtenMonth(group.month) },
          { key: 'count', term: ledger('count'), value: <span className="num">{group.count}</span> },
        ]}
      />
      <SecondPersonDecision staff={staff} subject={{ exclusionId: group.id }}>
        <ActionForm action={askReversalAction} className="stack">
          <HiddenField name="exclusionId" value={group.id} />
          <TextArea name="reason" label={t('why')} hint={t('whyHint')} rows={4} />
          <TextArea name="reasonEn" label={t('whyEn')} rows={4} optional />
          <p className="text-soft">{t('reverseText', { count: group.count })}</p>
          <StepUpField />
          <p className="actions">
            <SubmitButton>{t('ask')}</SubmitButton>
          </p>
        </ActionForm>
      </SecondPersonDecision>
      <p>
        <Link href="/admin/survey/exclusions">{t('back')}</Link>
      </p>
    </div>
  )
}

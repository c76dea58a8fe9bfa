import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { startDeskReportAction } from './actions.ts'

export const access = 'case:file_at_desk' satisfies Access

export const generateMetadata = titled('case-staff', 'desk.title')

export default async function DeskFilingPage() {
  await requireStaff(access)
  const [t, facts, locale] = await Promise.all([
    getTranslations('case-staff.desk'),
    getTranslations('case-staff.facts'),
    getLocale(),
  ])
  return (
    <div className="stack max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Notice tone="info">
        <p>{t('rule')}</p>
      </Notice>
      <ActionForm action={startDeskReportAction} initial={{ locale }}>
        <Select
          name="locale"
          label={t('language')}
          options={[
            { value: 'vi', label: facts('language_vi') },
            { value: 'en', label: facts('language_en') },
          ]}
        />
        <p className="actions">
          <SubmitButton>{t('start')}</SubmitButton>
        </p>
      </ActionForm>
    </div>
  )
}

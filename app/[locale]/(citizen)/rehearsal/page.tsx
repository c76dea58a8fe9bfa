import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { isPageOpen, isStage } from '#features/rehearsal/rules.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { openedRehearsal } from '#http/rehearsal.ts'
import { hasRehearsal } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { beginRehearsalAction } from './actions.ts'
import { StagePage } from './stages.tsx'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('rehearsal', 'title')

/** Walks through a report up to the block with an invented phone, in this browser only. */
export default async function RehearsalPage({ searchParams }: PageProps<'/[locale]/rehearsal'>) {
  if (!hasRehearsal()) notFoundPage(await getLocale())
  const [t, { step }, rehearsal] = await Promise.all([
    getTranslations('rehearsal'),
    searchParams,
    openedRehearsal(new Date()),
  ])
  if (rehearsal !== null)
    return (
      <StagePage
        rehearsal={rehearsal}
        stage={isStage(step) && isPageOpen(rehearsal, step) ? step : rehearsal.at}
      />
    )
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <ul className="prose">
        <li>{t('promise.nobody')}</li>
        <li>{t('promise.example')}</li>
        <li>{t('promise.kept')}</li>
      </ul>
      <ActionForm action={beginRehearsalAction} className="">
        <SubmitButton>{t('begin')}</SubmitButton>
      </ActionForm>
      <Notice tone="bad">
        <p>{t.rich('real', richTags)}</p>
      </Notice>
    </div>
  )
}

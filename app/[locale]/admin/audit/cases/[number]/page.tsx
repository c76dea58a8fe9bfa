import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { readStoryPage } from '#features/audit/entries/data.ts'
import { readSealedHead } from '#features/audit/proofs/data.ts'
import { findCaseId, matchesAuditLog } from '#features/cases/record/page-data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { asksForCode, requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { EntryTable } from '../../entry-table.tsx'
import { storyStepUpAction } from './actions.ts'

export const access = 'audit:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/audit/cases/[number]'>): Promise<Metadata> {
  const number = decodeURIComponent((await params).number)
  return { title: (await getTranslations('audit.story'))('title', { number }) }
}

/** Renders all log entries about a case, from its beginning, and whether the stored case matches them. */
export default async function StoryPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/audit/cases/[number]'>) {
  const staff = await requireStaff(access)
  const found = await findCaseId(staff, decodeURIComponent((await params).number))
  if (found === null) notFoundPage(await getLocale())
  const { above } = await searchParams
  const from = typeof above === 'string' && /^\d{1,18}$/.test(above) ? BigInt(above) : 0n
  const [t, words, { entries, next }, stands, head] = await Promise.all([
    getTranslations('audit.story'),
    getTranslations('audit'),
    readStoryPage(staff, found.id, from),
    matchesAuditLog(staff, found.id),
    readSealedHead(),
  ])
  const { number } = found
  // The file proves entries under the newest head that witnesses have signed, some seconds after sealing.
  const sealed = entries.some(({ leaf }) => leaf !== null && leaf < (head?.size ?? 0))
  return (
    <div className="stack-l">
      <p>
        <Link href="/admin/audit">{words('all')}</Link>
      </p>
      <PageHeader title={t('title', { number })} lead={t('lead')} />
      <div data-record-stands={String(stands)}>
        {stands === null ? (
          <Notice tone="info">{t('unknown')}</Notice>
        ) : (
          <Notice tone={stands ? 'ok' : 'bad'}>{t(stands ? 'stands' : 'altered')}</Notice>
        )}
      </div>
      {from === 0n ? <StoryFile number={number} sealed={sealed} /> : null}
      {entries.length === 0 ? <EmptyState title={words('none')} /> : <EntryTable entries={entries} />}
      {next === null ? null : (
        <Pagination
          next={{
            pathname: '/admin/audit/cases/[number]',
            params: { number },
            query: { above: String(next) },
          }}
        />
      )}
    </div>
  )
}

async function StoryFile({ number, sealed }: { readonly number: string; readonly sealed: boolean }) {
  const [t, asks] = await Promise.all([getTranslations('audit.story'), asksForCode('file')])
  return (
    <section className="card stack">
      <h2>{t('file')}</h2>
      <p>{t('fileText')}</p>
      <p className="text-sm text-soft">{t('how')}</p>
      {sealed ? null : <p>{t('fileWaits')}</p>}
      {sealed && asks ? (
        <ActionForm action={storyStepUpAction} className="stack">
          <HiddenField name="number" value={number} />
          <StepUpField kind="file" />
          <p className="actions">
            <SubmitButton look="quiet">{t('goOn')}</SubmitButton>
          </p>
        </ActionForm>
      ) : null}
      {sealed && !asks ? (
        <p className="actions">
          <a
            className="button"
            data-look="quiet"
            href={`/api/audit/cases/${number}`}
            download
            data-story-proof
          >
            <Icon name="download" />
            {t('download')}
          </a>
        </p>
      ) : null}
    </section>
  )
}

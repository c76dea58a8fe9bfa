import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { type ImportView, readImportView } from '#features/cases/imports/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { confirmImportAction } from '../actions.ts'
import { ImportTag } from '../import-tag.tsx'
import { FaultyRows, FreshRows } from './rows.tsx'

export const access = 'case:import_records' satisfies Access

export const generateMetadata = titled('case-import', 'title')

/** Renders one file: what would come of it, how far it is, and what came of it. */
export default async function ImportedPage({ params }: PageProps<'/[locale]/admin/cases/import/[import]'>) {
  const staff = await requireStaff(access)
  const [{ import: id }, locale, t] = await Promise.all([params, getLocale(), getTranslations('case-import')])
  const view = isUuid(id) ? await readImportView(staff, id, new Date()) : null
  if (view === null) redirect(pathFor(locale, { pathname: '/admin/cases/import', query: { error: 'gone' } }))
  const { state, faultyRows, fresh, known } = view
  return (
    <div
      className="stack-l"
      data-import={view.id}
      data-import-state={state}
      data-import-good={state === 'read' ? fresh.length : view.imported}
      data-import-faulty={faultyRows.length}
    >
      <PageHeader
        kicker={<Link href="/admin/cases/import">{t('title')}</Link>}
        title={t(
          state === 'read' ? 'view.title' : state === 'queued' ? 'view.workingTitle' : 'view.doneTitle',
        )}
        {...(state === 'read' && { lead: t('view.lead') })}
      >
        <p>
          <ImportTag state={state} />
        </p>
        <ul className="prose list-disc space-y-1 pl-5">
          {state === 'read' ? <li>{t('view.good', { count: fresh.length })}</li> : null}
          {state === 'done' ? <li>{t('view.done', { count: view.imported })}</li> : null}
          {known > 0 ? <li>{t('view.known', { count: known })}</li> : null}
          {faultyRows.length > 0 ? <li>{t('view.faulty', { count: faultyRows.length })}</li> : null}
        </ul>
      </PageHeader>
      {state === 'read' ? <Decision view={view} /> : null}
      {state === 'queued' ? <Progress view={view} /> : null}
      {state === 'done' ? (
        <p className="actions">
          <ButtonLink href="/admin/cases">{t('view.queue')}</ButtonLink>
          <span className="text-soft">
            {t('view.kept', { at: formatInstant(locale, view.expiresAt, 'moment') })}
          </span>
        </p>
      ) : null}
      {state === 'done' && view.made.length > 0 ? <MadeCases view={view} /> : null}
      {faultyRows.length > 0 ? <FaultyRows view={view} /> : null}
      {state === 'read' && fresh.length > 0 ? <FreshRows rows={fresh} /> : null}
    </div>
  )
}

async function MadeCases({ view: { made, imported } }: { readonly view: ImportView }) {
  const t = await getTranslations('case-import.view')
  return (
    <section className="stack">
      <h2>{t('made')}</h2>
      <ul className="list-disc space-y-1 pl-5">
        {made.map(({ line, number }) => (
          <li key={number} data-made-line={line}>
            {t('madeLine', { line })}{' '}
            <Link href={{ pathname: '/admin/cases/[number]', params: { number } }}>
              <span className="num">{number}</span>
            </Link>
          </li>
        ))}
      </ul>
      {imported > made.length ? <p>{t('moreMade', { count: imported - made.length })}</p> : null}
    </section>
  )
}

async function Decision({ view }: { readonly view: ImportView }) {
  const t = await getTranslations('case-import.view')
  if (!view.own) {
    return (
      <Notice tone="info">
        <p>{t('notOwn')}</p>
      </Notice>
    )
  }
  return (
    <div className="actions">
      {view.fresh.length > 0 ? (
        <ActionForm action={confirmImportAction} className="">
          <HiddenField name="importId" value={view.id} />
          <SubmitButton>{t('confirm', { count: view.fresh.length })}</SubmitButton>
        </ActionForm>
      ) : null}
      <ButtonLink href="/admin/cases/import" look="quiet">
        {t('back')}
      </ButtonLink>
    </div>
  )
}

async function Progress({ view: { id, processed, good } }: { readonly view: ImportView }) {
  const t = await getTranslations('case-import.view')
  return (
    <Card>
      <ProgressBar label={t('progress', { done: processed, good })} max={good} value={processed} />
      <p className="text-soft">{t('workingText')}</p>
      <p>
        <Link href={{ pathname: '/admin/cases/import/[import]', params: { import: id } }}>{t('look')}</Link>
      </p>
    </Card>
  )
}

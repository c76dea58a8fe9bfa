import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Written } from '#components/ui/written.tsx'
import {
  listSuggestions,
  type SuggestionKey,
  type SuggestionRow,
} from '#features/questionnaires/suggestions/data.ts'
import { SUGGESTION_STATES, type SuggestionState } from '#features/questionnaires/suggestions/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'
import { formatMonth } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import type { Route } from '#messages/paths.ts'
import { mergeSameAction } from './actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-suggestions', 'title')

function readKey(sent: string | string[] | undefined): SuggestionKey | null {
  const cursor = readCursor(sent)
  return cursor && { month: cursor.at, id: cursor.id }
}

const place = ({ month, id }: SuggestionKey): string => writeCursor({ at: month, id })

const listRoute = (state: SuggestionState, query: Record<string, string> = {}): Route => ({
  pathname: '/admin/survey/suggestions',
  query: { ...(state !== 'new' && { state }), ...query },
})

export default async function SuggestionsPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/suggestions'>) {
  const staff = await requireStaff(access)
  const [t, sent] = await Promise.all([getTranslations('survey-suggestions'), searchParams])
  const state = SUGGESTION_STATES.find((one) => one === sent.state) ?? 'new'
  const [after, before] = [readKey(sent.after), readKey(sent.before)]
  const from = after
    ? { key: after, direction: 'after' as const }
    : before && { key: before, direction: 'before' as const }
  const list = await listSuggestions(staff, state, from)
  if (list === null) notFoundPage(await getLocale())
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Tabs
        label={t('tabs')}
        tabs={SUGGESTION_STATES.map((one) => ({
          key: one,
          href: listRoute(one),
          label: t(`state.${one}`),
          count: list.counts[one] ?? 0,
          current: one === state,
        }))}
      />
      {sent.done === undefined ? null : <DoneNotice title={t('done.merged')} />}
      {list.rows.length === 0 ? <EmptyState title={t('none')} /> : <Rows rows={list.rows} />}
      <Pagination
        {...(list.previous && { previous: listRoute(state, { before: place(list.previous) }) })}
        {...(list.next && { next: listRoute(state, { after: place(list.next) }) })}
      />
    </div>
  )
}

async function Rows({ rows }: { readonly rows: readonly SuggestionRow[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-suggestions')])
  return (
    <Table
      caption={t('title')}
      captionHidden
      columns={[
        {
          head: t('text'),
          cell: (row) => (
            <span className="font-normal wrap-anywhere">
              <span data-own-words="">
                <Written>
                  {row.text.length > 240 ? `${[...row.text].slice(0, 240).join('')}…` : row.text}
                </Written>
              </span>
              {row.merged === 0 ? null : (
                <span className="block text-sm text-soft">{t('more', { count: row.merged })}</span>
              )}
              {row.excluded ? (
                <span className="mt-1 block">
                  <Tag tone="plain">{t('excluded')}</Tag>
                </span>
              ) : null}
              {row.alike.length === 0 ? null : <Alike row={row} />}
            </span>
          ),
        },
        { head: t('month'), cell: (row) => formatMonth(locale, row.receivedMonth) },
        {
          head: t('act'),
          cell: (row) => (
            <Link
              href={{ pathname: '/admin/survey/suggestions/[suggestion]', params: { suggestion: row.id } }}
            >
              {t('open')}
              <span className="sr-only"> {row.text.slice(0, 40)}</span>
            </Link>
          ),
        },
      ]}
      rows={rows}
      keyOf={(row) => row.id}
      marks={(row) => ({ 'data-suggestion': row.id, 'data-state': row.state, 'data-excluded': row.excluded })}
    />
  )
}

/** Merges suggestions into another without opening it: those with the same text with one press, similar ones by choice. */
async function Alike({ row }: { readonly row: SuggestionRow }) {
  const t = await getTranslations('survey-suggestions')
  const same = row.alike.filter((one) => one.same).length
  const other = row.alike.filter((one) => !one.same)
  return (
    <ActionForm action={mergeSameAction} scope={`into-${row.id}`} className="suggestion-alike">
      <HiddenField name="id" value={row.id} />
      <HiddenField name="revision" value={String(row.revision)} />
      <HiddenField name="list" value={row.state} />
      {same === 0 ? null : (
        <SubmitButton name="which" value="same" look="quiet" size="small">
          {t('mergeSame', { count: same })}
        </SubmitButton>
      )}
      {other.length === 0 ? null : (
        <FoldedFields summary={t('alikeCount', { count: other.length })} names={['other', 'which']}>
          {other.map(({ id, text }, index) => (
            <Checkbox
              key={id}
              name="other"
              value={id}
              first={index === 0}
              label={
                <span className="wrap-anywhere">
                  <Written>{text.length > 240 ? `${[...text].slice(0, 240).join('')}…` : text}</Written>
                </span>
              }
            />
          ))}
          <SubmitButton name="which" value="chosen" look="quiet" size="small">
            {t('mergeChosen')}
          </SubmitButton>
        </FoldedFields>
      )}
    </ActionForm>
  )
}

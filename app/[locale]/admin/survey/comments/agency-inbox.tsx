import { getLocale, getTranslations } from 'next-intl/server'
import { GroupFrame } from '#components/form/field-frame.tsx'
import { FormFrame } from '#components/form/form-frame.tsx'
import { formWords } from '#components/form/form-words.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Written } from '#components/ui/written.tsx'
import {
  type AgencyComment,
  COMMENT_STATES,
  type CommentState,
  listAgencyComments,
} from '#features/ratings/comments/reading-data.ts'
import {
  COMMENT_THEMES,
  type CommentFilter,
  filterQuery,
  NO_FILTER,
  readCommentFilter,
  readsWords,
} from '#features/ratings/comments/rules.ts'
import { listReplyDrafts } from '#features/ratings/replies/data.ts'
import { type Month, monthOf, monthsLater } from '#features/results/rules.ts'
import { wordsFor } from '#http/action.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant, formatMonth } from '#messages/dates.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { AnsweredQuestion } from './answered-question.tsx'
import { formatPlace, readPlace } from './place.ts'

const listRoute = (state: CommentState, filter: CommentFilter, after?: string): Route => ({
  pathname: '/admin/survey/comments',
  query: { state: state === 'open' ? undefined : state, ...filterQuery(filter), after },
})

/** Shows the masked comments on the viewer's own agency; waiting ones can be chosen and answered together. */
export async function AgencyInbox({
  staff,
  sent,
}: {
  readonly staff: StaffActor
  readonly sent: Awaited<PageProps<'/[locale]/admin/survey/comments'>['searchParams']>
}) {
  const t = await getTranslations('survey-comments')
  const state = COMMENT_STATES.find((one) => one === sent.state) ?? 'open'
  const filter = readCommentFilter(sent)
  const page = await listAgencyComments(staff, state, readPlace(sent.after), filter)
  if (page === null || staff.agencyId === null) return <EmptyState title={t('noAgency')} />
  const { rows, next, read } = page
  const filtered = readsWords(filter) || filter.month !== null
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')}>
        <p className="actions">
          <ButtonLink href="/admin/survey/comments/replies" look="quiet" size="small">
            {t('replies.title')}
          </ButtonLink>
          <ButtonLink
            href={{ pathname: '/results/[agency]/compare', params: { agency: staff.agencyId } }}
            look="quiet"
            size="small"
          >
            {t('onePage')}
          </ButtonLink>
          <ButtonLink
            href={{ pathname: '/results/[agency]', params: { agency: staff.agencyId } }}
            look="quiet"
            size="small"
          >
            {t('results')}
          </ButtonLink>
        </p>
      </PageHeader>
      <Tabs
        label={t('tabs')}
        tabs={COMMENT_STATES.map((one) => ({
          key: one,
          href: listRoute(one, filter),
          label: t(`state.${one}`),
          current: one === state,
        }))}
      />
      {sent.done === 'drafted' || sent.done === 'dropped' ? (
        <Notice tone="ok" title={t(`draft.${sent.done}`)} />
      ) : null}
      <Drafts staff={staff} />
      <Filter state={state} filter={filter} />
      {filtered ? (
        <p className="text-soft" data-found={rows.length}>
          {t(next === null ? 'filter.found' : 'filter.foundSoFar', {
            count: rows.length,
            read: read ?? rows.length,
          })}{' '}
          <Link href={listRoute(state, NO_FILTER)}>{t('filter.clear')}</Link>
        </p>
      ) : null}
      {rows.length === 0 && !filtered ? <EmptyState title={t(`none.${state}`)} /> : null}
      {sent.error === 'answered' ? <Notice title={t('answeredMeanwhile')} /> : null}
      {rows.length > 0 && state === 'open' ? <Choice rows={rows} none={sent.error === 'none'} /> : null}
      {rows.length > 0 && state === 'answered' ? <Answered rows={rows} /> : null}
      <Pagination {...(next && { next: listRoute(state, filter, formatPlace(next)) })} />
    </div>
  )
}

async function Drafts({ staff }: { readonly staff: StaffActor }) {
  const [locale, t, drafts] = await Promise.all([
    getLocale(),
    getTranslations('survey-comments.draft'),
    listReplyDrafts(staff),
  ])
  if (drafts.length === 0) return null
  return (
    <section className="stack" aria-labelledby="drafts" data-drafts={drafts.length}>
      <h2 id="drafts">{t('title')}</h2>
      <ul className="space-y-2">
        {drafts.map(({ id, commentIds, words, savedAt }) => (
          <li key={id} data-draft={id}>
            <Link href={{ pathname: '/admin/survey/comments/answer', query: { draft: id } }}>
              {(words.said ?? words.answer ?? Object.values(words)[0] ?? '').slice(0, 80)}
            </Link>{' '}
            <span className="text-soft">
              {t('about', { count: commentIds.length, at: formatInstant(locale, savedAt, 'date') })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Renders the list's filter as a plain GET form, so that the address contains it. */
async function Filter({ state, filter }: { readonly state: CommentState; readonly filter: CommentFilter }) {
  const [locale, t, themes] = await Promise.all([
    getLocale(),
    getTranslations('survey-comments.filter'),
    getTranslations('survey-report-paper.theme'),
  ])
  return (
    <search>
      <form className="toolbar" action={pathFor(locale, '/admin/survey/comments')}>
        {state === 'open' ? null : <input type="hidden" name="state" value={state} />}
        <div className="field">
          <label htmlFor="q">{t('words')}</label>
          <input
            className="control"
            id="q"
            name="q"
            type="search"
            defaultValue={filter.words}
            autoComplete="off"
            aria-keyshortcuts="/"
          />
        </div>
        <div className="field">
          <label htmlFor="theme">{t('theme')}</label>
          <select className="control" id="theme" name="theme" defaultValue={filter.theme ?? ''}>
            <option value="">{t('anyTheme')}</option>
            {COMMENT_THEMES.map((theme) => (
              <option key={theme} value={theme}>
                {themes(theme)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="month">{t('month')}</label>
          <select className="control" id="month" name="month" defaultValue={filter.month ?? ''}>
            <option value="">{t('anyMonth')}</option>
            {lastMonths(new Date(), MONTHS_OFFERED).map((month) => (
              <option key={month} value={month}>
                {month.split('-').toReversed().join('/')}
              </option>
            ))}
          </select>
        </div>
        <Button look="quiet" size="small">
          {t('find')}
        </Button>
      </form>
    </search>
  )
}

const MONTHS_OFFERED = 24

const lastMonths = (now: Instant, count: number): Month[] =>
  Array.from({ length: count }, (_, at) => monthsLater(monthOf(now), -at))

interface RowsProps {
  readonly rows: readonly AgencyComment[]
}

/** Renders a plain form that passes the chosen comments to the reply page. */
async function Choice({ rows, none }: RowsProps & { readonly none: boolean }) {
  const [locale, t, words, errors] = await Promise.all([
    getLocale(),
    getTranslations('survey-comments'),
    formWords(),
    none ? wordsFor({ comment: 'reply.none' }) : {},
  ])
  return (
    <form method="get" action={pathFor(locale, '/admin/survey/comments/answer')} className="ticks stack">
      <FormFrame state={{ values: {}, errors }} words={words} scope="">
        <GroupFrame name="comment" label={t('choose')}>
          {rows.map(({ id, text, receivedMonth, questionnaireVersion, question }, index) => (
            <label key={id} className="choice" data-comment={id}>
              <input type="checkbox" id={index === 0 ? 'comment' : undefined} name="comment" value={id} />
              <span className="min-w-0">
                <AnsweredQuestion version={questionnaireVersion} question={question} />
                <span className="block wrap-anywhere whitespace-pre-line">
                  <Written>{text}</Written>
                </span>
                <small className="block">
                  {formatMonth(locale, receivedMonth)}
                  {question === null ? null : ` · ${t('openQuestion')}`}
                </small>
              </span>
            </label>
          ))}
        </GroupFrame>
      </FormFrame>
      <p className="actions ticks-acts">
        <button type="submit" className="button">
          {t('answerChosen')}
        </button>
      </p>
    </form>
  )
}

async function Answered({ rows }: RowsProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-comments')])
  return (
    <ul className="space-y-3">
      {rows.map(({ id, text, receivedMonth, questionnaireVersion, question, replyId }) => (
        <li key={id} className="card space-y-1" data-comment={id}>
          <AnsweredQuestion version={questionnaireVersion} question={question} />
          <p className="wrap-anywhere whitespace-pre-line">
            <Written>{text}</Written>
          </p>
          <p className="text-sm text-soft">
            {formatMonth(locale, receivedMonth)}
            {replyId === null ? null : (
              <>
                {' · '}
                <Link
                  href={{ pathname: '/admin/survey/comments/replies/[reply]', params: { reply: replyId } }}
                >
                  {t('toReply')}
                </Link>
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}

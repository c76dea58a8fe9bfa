import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { listFoundForCase } from '#features/cases/found/page-data.ts'
import { decisionOf } from '#features/cases/letters/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { objectionsAgainst, objectionsDeletedAt } from '#features/disputes/objections/queue-data.ts'
import { WAITING } from '#features/disputes/objections/rules.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

/** Shows the note of the colleague who handed the case over, until the next event. */
export async function HandOver({ view: { events, names } }: { readonly view: CaseFileView }) {
  const [last] = events.toSorted((a, b) => b.seq - a.seq)
  if (last?.move !== 'reassign' || !last.words.note) return null
  const t = await getTranslations('case-staff')
  return (
    <Notice tone="info" title={t('page.handed_over', { name: names.get(last.actorId ?? '') ?? '' })}>
      <p className="whitespace-pre-line" data-hand-over>
        <Written>{last.words.note}</Written>
      </p>
    </Notice>
  )
}

export async function Unheard({ view }: { readonly view: CaseFileView }) {
  const { number, unheardSeq } = view.snapshot
  const event = view.events.find(({ seq }) => seq === unheardSeq)
  const kind = event ? decisionOf(event.move, event.to) : null
  if (!event || kind === null) return null
  const t = await getTranslations('decision-letter.page')
  const params = { number, seq: String(event.seq) }
  return (
    <div data-unheard={event.seq}>
      <Notice title={t('unheard')}>
        <p>{t('unheard_text', { kind: t(`kind.${kind}`) })}</p>
        <p>
          <Link href={{ pathname: '/admin/cases/[number]/letters/[seq]', params }}>{t('unheard_link')}</Link>
        </p>
      </Notice>
    </div>
  )
}

export async function FoundFlags({ scope, caseId }: { readonly scope: CaseScope; readonly caseId: string }) {
  const [t, locale, phones] = await Promise.all([
    getTranslations('found.flag'),
    getLocale(),
    listFoundForCase(scope, caseId),
  ])
  return phones.map(({ id, state, foundOn, place, custody, closedAt, handedOverBy }) => (
    <div key={id} data-found-state={state}>
      <Notice tone="info" title={t(state === 'returned' ? 'returned' : 'matched')}>
        <p>{t('text', { date: formatInstant(locale, foundOn, 'date'), place, custody })}</p>
        {handedOverBy && closedAt ? (
          <p>{t('handed_over', { name: handedOverBy, at: formatInstant(locale, closedAt, 'moment') })}</p>
        ) : null}
      </Notice>
    </div>
  ))
}

export async function ObjectionFlags({
  scope,
  snapshot,
  now,
}: {
  readonly scope: CaseScope
  readonly snapshot: CaseSnapshot
  readonly now: Instant
}) {
  const [t, locale, found, deletedAt] = await Promise.all([
    getTranslations('case-staff.flags'),
    getLocale(),
    objectionsAgainst(scope, snapshot.id),
    objectionsDeletedAt(snapshot, now),
  ])
  const reviewed = found.filter(({ state, hearingUntil }) => state === 'granted' && hearingUntil !== null)
  const waiting = [...reviewed, ...found.filter(({ state }) => WAITING.includes(state))]
  const deleted =
    deletedAt === null ? null : (
      <p data-objections-deleted>
        {t('objections_deleted', { date: formatInstant(locale, deletedAt, 'date') })}
      </p>
    )
  if (waiting.length === 0) return deleted
  const of = reviewed.length > 0 ? 'review' : 'objection'
  return (
    <Notice title={t(of)}>
      <p>{t(`${of}_text`)}</p>
      <ul>
        {waiting.map(({ number }) => (
          <li key={number}>
            <Link
              className="num"
              href={{ pathname: '/admin/objections/[objection]', params: { objection: number } }}
            >
              {number}
            </Link>
          </li>
        ))}
      </ul>
      {deleted}
    </Notice>
  )
}

import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { ObjectionForPolice } from '#features/disputes/objections/view-data.ts'
import { isHeard } from '#features/disputes/sides/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

/** Shows what the person who decides must not overlook. */
export async function Flags({ view, now }: { readonly view: ObjectionForPolice; readonly now: Instant }) {
  const [t, locale] = await Promise.all([getTranslations('objection-staff'), getLocale()])
  const { flags, snapshot: o, against } = view
  const open = o.state === 'open' || o.state === 'info_requested'
  const c = against?.snapshot
  const moment = (at: Instant) => formatInstant(locale, at, 'moment')
  const toCase = c ? (
    <Link href={{ pathname: '/admin/cases/[number]', params: { number: c.number } }}>
      {t('page.toCase', { number: c.number })}
    </Link>
  ) : null
  const said = (
    [
      ['temporary', open && c?.holdUntil],
      ['renewed', open && o.renewedAt],
      ['shared', flags.shared],
      ['same_person', flags.samePerson],
    ] as const
  ).filter(([, holds]) => holds)
  return (
    <>
      {open && c?.state === 'unblock_review' && c.unblockVerifiedById ? (
        <Notice tone="info" title={t('page.upheldTitle')}>
          <p>
            {t('page.upheldText')} {toCase}
          </p>
        </Notice>
      ) : null}
      {o.state === 'granted' && o.hearingUntil ? (
        <Notice title={t('flags.review')}>
          <p data-hearing={isHeard(o, now) ? 'over' : 'open'}>
            {isHeard(o, now)
              ? t('flags.review_heard')
              : t('flags.review_runs', { time: moment(o.hearingUntil) })}{' '}
            {toCase}
          </p>
        </Notice>
      ) : null}
      {said.map(([flag]) => (
        <Notice key={flag} title={t(`flags.${flag}`)}>
          <p>{t(`flags.${flag}_text`)}</p>
        </Notice>
      ))}
      {flags.others > 0 ? <Notice title={t('flags.others', { count: flags.others })} /> : null}
      {view.sameFiles.length > 0 ? (
        <Notice title={t('flags.same_file', { count: view.sameFiles.length })} />
      ) : null}
      {open && !view.heard && view.hearingUntil ? (
        <Notice tone="info" title={t('flags.hearing', { time: moment(view.hearingUntil) })}>
          <p>{t('flags.hearing_text')}</p>
        </Notice>
      ) : null}
    </>
  )
}

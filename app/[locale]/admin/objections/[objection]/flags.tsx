import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { isHeard } from '#features/disputes/rules.ts'
import type { ObjectionForPolice } from '#features/objections/queries/objection.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

/** Shows what the person who decides must not overlook. */
export async function Flags({ view, now }: { readonly view: ObjectionForPolice; readonly now: Instant }) {
  const [t, locale] = await Promise.all([getTranslations('objection-staff'), getLocale()])
  const { flags, snapshot: o, against } = view
  const open = o.state === 'open' || o.state === 'info_requested'
  const c = against?.snapshot
  return (
    <>
      {open && c?.state === 'unblock_review' && c.unblockVerifiedById ? (
        <Notice tone="info" title={t('page.upheldTitle')}>
          <p>
            {t('page.upheldText')}{' '}
            <Link href={{ pathname: '/admin/cases/[number]', params: { number: c.number } }}>
              {t('page.toCase', { number: c.number })}
            </Link>
          </p>
        </Notice>
      ) : null}
      {o.state === 'granted' && o.hearingUntil ? (
        <Notice title={t('flags.review')}>
          <p data-hearing={isHeard(o, now) ? 'over' : 'open'}>
            {isHeard(o, now)
              ? t('flags.review_heard')
              : t('flags.review_runs', { time: formatInstant(locale, o.hearingUntil, 'moment') })}{' '}
            {c ? (
              <Link href={{ pathname: '/admin/cases/[number]', params: { number: c.number } }}>
                {t('page.toCase', { number: c.number })}
              </Link>
            ) : null}
          </p>
        </Notice>
      ) : null}
      {open && c?.holdUntil ? (
        <Notice title={t('flags.temporary')}>
          <p>{t('flags.temporary_text')}</p>
        </Notice>
      ) : null}
      {o.renewedAt && open ? (
        <Notice title={t('flags.renewed')}>
          <p>{t('flags.renewed_text')}</p>
        </Notice>
      ) : null}
      {flags.shared ? (
        <Notice title={t('flags.shared')}>
          <p>{t('flags.shared_text')}</p>
        </Notice>
      ) : null}
      {flags.samePerson ? (
        <Notice title={t('flags.same_person')}>
          <p>{t('flags.same_person_text')}</p>
        </Notice>
      ) : null}
      {flags.others > 0 ? <Notice title={t('flags.others', { count: flags.others })} /> : null}
      {view.sameFiles.length > 0 ? (
        <Notice title={t('flags.same_file', { count: view.sameFiles.length })} />
      ) : null}
      {open && !view.heard && view.hearingUntil ? (
        <Notice
          tone="info"
          title={t('flags.hearing', { time: formatInstant(locale, view.hearingUntil, 'moment') })}
        >
          <p>{t('flags.hearing_text')}</p>
        </Notice>
      ) : null}
    </>
  )
}

import { getLocale, getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Particulars } from '#features/cases/particulars/rules.ts'
import { sayPhone } from '#lib/person/masking.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { paperAgainst, type RegistrationLine } from './rules.ts'

/** Tells police that a trusted person sent the report for its owner, who can undo it for a day. */
export async function SentByNotice({ by }: { readonly by: Particulars['sentBy'] }) {
  if (by === undefined) return null
  const t = await getTranslations('phones.desk')
  return (
    <Notice title={t('sentBy')}>
      <p data-sent-by>{t('sentByText', { name: by.name, contact: sayPhone(by.contact.value) })}</p>
    </Notice>
  )
}

/** Shows police the registrations of a report's phone: whose, since when, confirmed by which carrier, and whether handed over. */
export async function RegistrationLines({
  lines,
  submittedAt,
  opened,
}: {
  readonly lines: readonly RegistrationLine[]
  readonly submittedAt: Instant
  /** Shows the registrants' texts: the reader has opened the papers. */
  readonly opened: boolean
}) {
  if (lines.length === 0) return null
  const [t, locale] = await Promise.all([getTranslations('phones.desk'), getLocale()])
  const day = (at: Instant) => formatInstant(locale, at, 'date')
  const moment = (at: Instant) => formatInstant(locale, at, 'stamp')
  const ago = (at: Instant) =>
    at > submittedAt
      ? t('after')
      : t('before', { months: Math.floor((submittedAt.getTime() - at.getTime()) / (30 * DAY)) })
  const against = paperAgainst(lines, submittedAt)
  return (
    <>
      {against === null ? null : (
        <Notice tone={against.own ? 'bad' : 'wait'} title={t('conflict')}>
          <p data-handed-over={against.number}>
            {t(against.own ? 'conflictText' : 'conflictOther', {
              at: moment(against.at),
              number: against.number,
            })}
          </p>
        </Notice>
      )}
      <Notice tone="info" title={t('title')}>
        <ul className="stack">
          {lines.map((line) => (
            <li
              key={`${line.registeredAt.toISOString()}${line.own}`}
              data-registration={line.own ? 'own' : 'other'}
              {...(line.afterReport && { 'data-registration-late': '' })}
            >
              <p>
                {t(line.own ? 'own' : 'other', { date: day(line.registeredAt), ago: ago(line.registeredAt) })}{' '}
                {line.confirmed
                  ? t('confirmed', { carrier: line.confirmed.carrier, date: day(line.confirmed.at) })
                  : t('unconfirmed')}{' '}
                {line.afterReport ? <b>{t('late')}</b> : null}
              </p>
              {line.papers.map(({ number, at, side }) => (
                <p key={number}>{t(side, { at: moment(at), number })}</p>
              ))}
              {line.contested === null ? null : (
                <div data-contested>
                  <p>
                    <b>
                      {t(line.contested.words === '' || !opened ? 'contestedShort' : 'contested', {
                        at: moment(line.contested.at),
                      })}
                    </b>
                  </p>
                  {opened && line.contested.words !== '' ? (
                    <blockquote>
                      <Written>{line.contested.words}</Written>
                    </blockquote>
                  ) : null}
                </div>
              )}
            </li>
          ))}
        </ul>
      </Notice>
    </>
  )
}

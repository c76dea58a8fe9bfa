import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Instant } from '#lib/time.ts'
import { holdWaitsUntil } from '../moves/rules.ts'
import { DueInList, ShortNumber } from '../queue/due.tsx'
import { writeQueueFilter } from '../queue/rules.ts'
import { namedState } from '../record/state-rules.ts'
import type { LastAct, readDoneToday, readStreamAround } from './data.ts'
import { type Stream, writeStream } from './rules.ts'

interface StreamPaneProps {
  readonly stream: Stream
  readonly around: Awaited<ReturnType<typeof readStreamAround>>
  readonly today: Awaited<ReturnType<typeof readDoneToday>>
  readonly current: string
  readonly now: Instant
  readonly takeBack: ReactNode
}

/** Renders the list that a person works through beside the open case: decided cases, this one, the rest. */
export async function StreamPane({ stream, around, today, current, now, takeBack }: StreamPaneProps) {
  const t = await getTranslations('case-staff')
  const { rows, at, of, more, isIn } = around
  const place = writeStream(stream)
  const to = (number: string) =>
    ({ pathname: '/admin/cases/[number]', params: { number }, query: { in: place } }) as const
  const shown = isIn && rows.some(({ number }) => number === current)
  return (
    <nav className="work-list print-hidden" aria-labelledby="work-list" data-at={at} data-of={of}>
      <h2 id="work-list">
        {t(`queue.view.${stream.filter.view}`)}{' '}
        <span className="num">
          {at} / {of}
          {more ? '+' : ''}
        </span>
      </h2>
      <progress max={of} value={at - 1} aria-label={t('stream.progress', { at: at - 1, of })} />
      <ol data-rows="">
        {today.last
          .toReversed()
          .filter(({ number }) => number !== current)
          .map((last) => (
            <li key={`${last.number} ${last.move}`} data-past="">
              <Link href={to(last.number)} data-row="">
                <span className="num block">
                  <span aria-hidden="true">✓ </span>
                  <ShortNumber number={last.number} />
                </span>{' '}
                <Past {...last} />
              </Link>
            </li>
          ))}
        {takeBack === null ? null : <li className="work-list-back">{takeBack}</li>}
        {shown ? null : (
          <li>
            <Link href={to(current)} data-row="" aria-current="page">
              <span className="num block">
                <ShortNumber number={current} />
              </span>{' '}
              <span className="block">{t('stream.here')}</span>
            </Link>
          </li>
        )}
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              href={to(row.number)}
              data-row=""
              aria-current={row.number === current ? 'page' : undefined}
            >
              <b className="block">
                {row.told === null ? (
                  t(`state.${namedState(row)}`)
                ) : row.told.name === '' ? (
                  t('queue.no_name')
                ) : (
                  <Written>{row.told.name}</Written>
                )}
              </b>{' '}
              <span className="num block">
                <ShortNumber number={row.number} />
              </span>{' '}
              <DueInList {...row} holdWaitsUntil={holdWaitsUntil(row)} now={now} />
            </Link>
          </li>
        ))}
      </ol>
      {rows.length === 0 ? <p className="text-soft">{t('stream.empty')}</p> : null}
      <p className="work-list-foot">
        <Link
          href={{ pathname: '/admin/cases', query: { ...writeQueueFilter(stream.filter), case: current } }}
        >
          {t('stream.list')}
        </Link>
        <span className="text-soft">{t('stream.today', { count: today.count })}</span>
      </p>
    </nav>
  )
}

export async function Past({ move, at }: Pick<LastAct, 'move' | 'at'>) {
  const t = await getTranslations('case-staff.move')
  return (
    <span className="block text-soft">
      {t(move as 'verify')} <Time at={at} form="time" />
    </span>
  )
}

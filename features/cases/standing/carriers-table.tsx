import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { failureWords } from '#features/exchange/orders/failure-words.tsx'
import { failureOf } from '#features/exchange/orders/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { type CarrierLine, isAwaited, isLate } from './rules.ts'
import { sayWhen } from './when.tsx'

const TONES: Readonly<Record<CarrierLine['state'], Tone>> = {
  queued: 'plain',
  sent: 'wait',
  acknowledged: 'neutral',
  applied: 'ok',
  lifted: 'ok',
  failed: 'bad',
  exempt: 'plain',
}

/**
 * Shows what each carrier has done, when and why, for the citizen and the police alike: rows if there is room, cards in a narrow
 * column.
 */
export async function CarriersTable({
  carriers,
  authority,
  now,
  onPaper = false,
  watched = false,
}: {
  readonly carriers: readonly CarrierLine[]
  /** For the citizen: the telecom authority, which follows up failed orders. */
  readonly authority?: string
  readonly now: Instant
  /** True on paper, where "today" is wrong a day later. */
  readonly onPaper?: boolean
  /** The phone was watched, not blocked. */
  readonly watched?: boolean
}) {
  const [t, code, failed, when, locale] = await Promise.all([
    getTranslations('case.carriers'),
    getTranslations('exchange.code'),
    failureWords(),
    sayWhen(onPaper ? 'paper' : now),
    getLocale(),
  ])

  const stateWords = (line: CarrierLine): string => {
    const missed = line.state === 'failed' || line.state === 'exempt'
    if (line.action === 'unblock' && watched && (missed || line.state === 'lifted'))
      return t(`${line.state}WatchEnd`)
    if (line.action === 'unblock' && missed) return t(`${line.state}Lift`)
    if (line.action === 'watch' && (missed || line.state === 'applied')) return t(`${line.state}Watch`)
    const byLetter = line.paper && (line.state === 'queued' || line.state === 'sent')
    return t(byLetter ? `${line.state}Letter` : line.state)
  }

  const explained = (line: CarrierLine): ReactNode => {
    if (line.state === 'queued') return t(authority === undefined ? 'queuedStaff' : 'queuedText')
    if (line.state === 'failed') {
      if (authority === undefined) return failed(line.failureCode)
      return `${code(failureOf(line.failureCode))} ${t('failedNext', { authority })}`
    }
    return line.state === 'exempt' && line.exemptReason
      ? t('exemptReason', { reason: line.exemptReason })
      : null
  }

  // "gửi 14:22, nhận 14:22, chặn 14:25 hôm nay": the day is named once if the steps share it.
  const steps = (line: CarrierLine): string => {
    const passed = stepsOf(line)
    const last = passed.at(-1)?.at ?? line.sentAt
    return passed
      .map(({ name, at }) => {
        const key = watched && name === 'lifted' ? 'watchEnded' : name
        if (typeof at === 'string') return t(`step.${key}`, { when: formatDate(locale, at) })
        const said =
          at === last || typeof last === 'string' || localDate(at) !== localDate(last)
            ? when(at)
            : formatInstant(locale, at, 'time')
        return t(`step.${key}`, { when: said })
      })
      .join(', ')
  }

  return (
    <div className="@container">
      <table className="w-full border-collapse text-sm @max-md:block">
        <caption className="sr-only">{t('title')}</caption>
        <thead className="text-left text-xs text-soft @max-md:sr-only">
          <tr className="border-b border-line">
            <th scope="col" className="py-2 pr-3 font-semibold">
              {t('name')}
            </th>
            <th scope="col" className="py-2 pr-3 font-semibold">
              {t('state')}
            </th>
            <th scope="col" className="py-2 text-right font-semibold">
              {t('time')}
            </th>
          </tr>
        </thead>
        <tbody className="@max-md:block">
          {carriers.map((line) => (
            <tr
              key={line.carrierId}
              data-carrier={line.carrierId}
              data-carrier-state={line.state}
              className="border-b border-line last:border-0 @max-md:flex @max-md:flex-wrap @max-md:justify-between @max-md:gap-x-3 @max-md:gap-y-1 @max-md:py-3"
            >
              <th scope="row" className="text-left font-semibold @md:py-2.5 @md:pr-3">
                {line.name}
              </th>
              <td className="@max-md:contents @md:py-2.5 @md:pr-3">
                <Tag tone={TONES[line.state]}>{stateWords(line)}</Tag>
                <Explanation>{explained(line)}</Explanation>
              </td>
              <td className="text-balance text-soft @max-md:basis-full @md:py-2.5 @md:text-right">
                {steps(line)}
                {isAwaited(line) && (line.paper || line.state !== 'queued') ? (
                  <span className={`block ${isLate(line, now) ? 'font-semibold text-red' : ''}`}>
                    {t(isLate(line, now) ? 'late' : 'due', { when: when(line.dueAt) })}
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Returns the steps at a carrier in order, each with a moment, or with a day if the order went by letter. */
function stepsOf({ sentAt, receivedAt, doneAt, state, action, paper }: CarrierLine) {
  const received = paper?.receivedOn ?? receivedAt
  const done =
    state === 'failed' || state === 'exempt'
      ? state
      : ({ block: 'blocked', unblock: 'lifted', watch: 'watched' } as const)[action]
  return [
    { name: state === 'queued' ? ('queued' as const) : ('sent' as const), at: paper?.handedOn ?? sentAt },
    ...(received ? [{ name: 'received' as const, at: received }] : []),
    ...(doneAt ? [{ name: done, at: doneAt }] : []),
  ]
}

function Explanation({ children }: { readonly children: ReactNode }) {
  return children === null ? null : (
    // In a narrow column the cell dissolves into its row, and this stands below at full width.
    <p className="text-sm text-soft @max-md:order-last @max-md:basis-full @md:mt-1 @md:max-w-80">
      {children}
    </p>
  )
}

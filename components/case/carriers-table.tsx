import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { type CarrierLine, isLate } from '#domain/case/standing.ts'
import type { CaseState } from '#domain/case/state.ts'
import { failureOf } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'
import { sayWhen } from './citizen/when.ts'

export interface CarriersTableProps {
  readonly carriers: readonly CarrierLine[]
  /** For the citizen: the telecom authority, which deals with what failed. */
  readonly authority?: string
  /** Where the case stands: orders to unblock fail in other words. */
  readonly state: CaseState
  readonly now: Instant
  /** On paper "today" says nothing a day later. */
  readonly onPaper?: boolean
}

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
 * What each carrier has done, in a word, with when and why, for the citizen and the police alike. It is rows where
 * there is room and cards in a narrow column, on a phone or beside other work.
 */
export async function CarriersTable({
  carriers,
  authority,
  state,
  now,
  onPaper = false,
}: CarriersTableProps) {
  const [t, code, when] = await Promise.all([
    getTranslations('case.carriers'),
    getTranslations('exchange.code'),
    sayWhen(onPaper ? 'paper' : now),
  ])

  const lifting = state === 'unblocking' || carriers.some((line) => line.state === 'lifted')
  const stateWords = (line: CarrierLine): string =>
    line.state === 'failed' && lifting ? t('failedLift') : t(line.state)

  const explained = (line: CarrierLine): ReactNode => {
    if (line.state === 'failed') {
      const why = code(failureOf(line.failureCode))
      return authority === undefined ? why : `${why} ${t('failedNext', { authority })}`
    }
    return line.state === 'exempt' && line.exemptReason
      ? t('exemptReason', { reason: line.exemptReason })
      : null
  }

  const time = (line: CarrierLine): string => {
    if (line.state === 'applied' || line.state === 'lifted' || line.state === 'exempt') return when(line.at)
    return isLate(line, now) ? t('late', { when: when(line.dueAt) }) : t('due', { when: when(line.dueAt) })
  }

  return (
    <div className="@container">
      <table className="w-full border-collapse text-[0.94rem] @max-md:block">
        <caption className="sr-only">{t('title')}</caption>
        <thead className="text-left text-[0.82rem] text-soft @max-md:sr-only">
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
              className="border-b border-line last:border-0 @max-md:grid @max-md:grid-cols-[minmax(0,1fr)_max-content] @max-md:gap-x-3 @max-md:gap-y-1 @max-md:py-3"
            >
              <th scope="row" className="text-left font-semibold @md:py-2.5 @md:pr-3">
                {line.name}
              </th>
              <td className="@max-md:contents @md:py-2.5 @md:pr-3">
                <Tag tone={TONES[line.state]}>{stateWords(line)}</Tag>
                <Explanation>{explained(line)}</Explanation>
              </td>
              <td
                className={`@max-md:col-span-2 @md:py-2.5 @md:text-right ${isLate(line, now) ? 'font-semibold text-red' : 'text-soft'}`}
              >
                {time(line)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Explanation({ children }: { readonly children: ReactNode }) {
  return children === null ? null : (
    // In a narrow column the cell dissolves into its row's grid, and this stands below at full width.
    <p className="text-[0.85rem] text-soft @max-md:order-last @max-md:col-span-2 @md:mt-1 @md:max-w-80">
      {children}
    </p>
  )
}

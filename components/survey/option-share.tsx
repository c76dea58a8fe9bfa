import { getLocale } from 'next-intl/server'
import type { Chosen } from '#domain/survey/distribution.ts'
import { percent } from './percent.ts'

export interface OptionShareProps {
  readonly chosen: Chosen
  /** Below 30 people it is told in grey. */
  readonly few: boolean
}

/** The share of one option with its interval, on two lines where it stands in a column. */
export async function OptionShare({ chosen: { share, low, high }, few }: OptionShareProps) {
  const locale = await getLocale()
  return (
    <span className={few ? 'num text-soft' : 'num'}>
      {percent(locale, share)}{' '}
      <small className="whitespace-nowrap text-soft md:block">
        {percent(locale, low)}–{percent(locale, high)}
      </small>
    </span>
  )
}

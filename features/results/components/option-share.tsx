import { getLocale } from 'next-intl/server'
import type { Chosen } from '../rules/distribution.ts'
import { percent } from './percent.ts'

export interface OptionShareProps {
  readonly chosen: Chosen
  /** Below 30 people it is told in grey. */
  readonly few: boolean
}

/** Renders the share of one option with its interval, on two lines: a column of a phone has no room for one. */
export async function OptionShare({ chosen: { share, low, high }, few }: OptionShareProps) {
  const locale = await getLocale()
  return (
    <span className={few ? 'num text-soft' : 'num'}>
      {percent(locale, share)}{' '}
      <small className="block whitespace-nowrap text-soft">
        {percent(locale, low)}–{percent(locale, high)}
      </small>
    </span>
  )
}

import { getLocale, getTranslations } from 'next-intl/server'
import type { Share } from '../rules/distribution.ts'
import { percent } from './percent.ts'

/**
 * Renders a headline's share as a bar from 0 to 100 with the bounds of its interval; grey where few people answered.
 */
export async function Gauge({ share, few }: { readonly share: Share; readonly few: boolean }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.bars')])
  const at = (value: number) => `${Math.round(value * 1000) / 10}%`
  const [low, high] = [percent(locale, share.low), percent(locale, share.high)]
  return (
    <svg
      className="gauge"
      role="img"
      aria-label={t('gauge', { share: percent(locale, share.satisfied), low, high })}
    >
      <rect className="fill-line" width="100%" height="16" y="4" rx="8" />
      <rect
        className={few ? 'fill-edge' : 'fill-teal'}
        width={at(share.satisfied)}
        height="16"
        y="4"
        rx="8"
      />
      <g className="answer-whisker">
        <line x1={at(share.low)} x2={at(share.low)} y1="0" y2="24" />
        <line x1={at(share.high)} x2={at(share.high)} y1="0" y2="24" />
        <line x1={at(share.low)} x2={at(share.high)} y1="12" y2="12" />
      </g>
      <text x={at(share.low)} y="42" textAnchor="end">
        {low}
      </text>
      <text
        x={at(share.high)}
        y="42"
        textAnchor={share.high > 0.94 ? 'end' : 'start'}
        dx={share.high > 0.94 ? 14 : 0}
      >
        {high}
      </text>
    </svg>
  )
}

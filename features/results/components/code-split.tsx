import { getLocale, getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { Figures } from '../rules/results.ts'
import { people, percent } from './percent.ts'
import { ShareBar } from './share-bar.tsx'

export interface CodeSplitProps {
  /** Null until both sides can be told apart. */
  readonly codes: { readonly withCode: Figures; readonly withoutCode: Figures } | null
}

/** Renders the headline result of people who gave a dossier code beside that of people who gave none. */
export async function CodeSplit({ codes }: CodeSplitProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const row = (key: 'with' | 'without', { share, responses, standing }: Figures) => {
    const bounds = share && {
      share: percent(locale, share.satisfied),
      low: percent(locale, share.low),
      high: percent(locale, share.high),
    }
    return {
      key,
      marks: {
        'data-codes': key,
        'data-responses': responses,
        ...(share && { 'data-satisfied': toTenThousandths(share.satisfied) }),
      },
      cells: {
        side: t(`codes.${key}`),
        interval: share && bounds && (
          <ShareBar
            share={share.satisfied}
            interval={share}
            few={standing === 'few'}
            label={t('whisker', bounds)}
          />
        ),
        share: bounds && (
          <span className="num">
            <b>{bounds.share}</b>{' '}
            <span className="text-soft">
              {bounds.low}–{bounds.high}
            </span>
          </span>
        ),
        responses: <span className="num">{people(locale, responses)}</span>,
      },
    }
  }
  return (
    <div className="stack max-w-160">
      <p>{t('codes.lead')}</p>
      {codes === null ? (
        <p className="text-soft">{t('codes.notYet')}</p>
      ) : (
        <>
          <Table
            caption={t('codes.title')}
            captionHidden
            columns={[
              { key: 'side', label: t('codes.column') },
              { key: 'interval', label: t('interval'), phone: 'left' },
              { key: 'share', label: t('share'), align: 'end', phone: 'right' },
              { key: 'responses', label: t('responses'), align: 'end' },
            ]}
            rows={[row('with', codes.withCode), row('without', codes.withoutCode)]}
          />
          <p className="text-sm text-soft">{t('codes.behind')}</p>
        </>
      )}
    </div>
  )
}

import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import type { ReleasedPhone } from './act-form.tsx'

export interface ReadElsewhereProps {
  /** Phones that were read on the proof and are not in the report. */
  readonly phones: readonly Pick<ReleasedPhone, 'name' | 'ending'>[]
  /** A number of the report was read as well: the other may be that of the second slot. */
  readonly beside: boolean
}

/**
 * Tells the citizen that their proof shows an IMEI which their report has not, and the way to have it changed. It is a
 * machine's reading: police decide.
 */
export async function ReadElsewhere({ phones, beside }: ReadElsewhereProps) {
  const t = await getTranslations('case.read')
  const act = await getTranslations('case.act.give_imei')
  return (
    <div data-read-elsewhere={phones.length}>
      <Notice tone="info" title={t(beside ? 'beside' : 'different')}>
        <ul>
          {phones.map(({ name, ending }) => (
            <li key={ending}>
              {name ?? act('unknownModel')}, {act('ending', { digits: ending })}
            </li>
          ))}
        </ul>
        <p>{t(beside ? 'besideText' : 'differentText')}</p>
        <p>
          <a href="#ask_correction">{t('link')}</a>
        </p>
      </Notice>
    </div>
  )
}

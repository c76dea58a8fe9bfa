import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { ReleasedPhone } from './act-form.tsx'

export interface ReadElsewhereProps {
  /** Phones that were read on the proof and are not in the report. */
  readonly phones: readonly Pick<ReleasedPhone, 'name' | 'ending'>[]
  /** A number of the report was read as well: the other one may then be the second slot's. */
  readonly beside: boolean
}

/**
 * Tells the citizen that their proof shows an IMEI that is not in the report, and what to do: add it as the number of the second
 * slot, or send a new report, because a case stays about the number it was sent with.
 */
export async function ReadElsewhere({
  phones,
  beside,
  addable,
}: ReadElsewhereProps & {
  readonly addable: boolean
}) {
  const t = await getTranslations('case.read')
  const act = await getTranslations('case.act.give_imei')
  const advice: 'add' | 'again' | 'different' = !beside ? 'different' : addable ? 'add' : 'again'
  return (
    <div data-read-elsewhere={phones.length}>
      <Notice tone="info" title={t(beside ? 'beside' : 'different.title')}>
        <ul>
          {phones.map(({ name, ending }) => (
            <li key={ending}>
              {name ?? act('unknownModel')}, {act('ending', { digits: ending })}
            </li>
          ))}
        </ul>
        <p>{t(`${advice}.text`)}</p>
        <p>
          {advice === 'add' ? (
            <a href="#add_imei">{t('add.link')}</a>
          ) : (
            <Link href="/report">{t(`${advice}.link`)}</Link>
          )}
        </p>
      </Notice>
    </div>
  )
}

import { getLocale, getTranslations } from 'next-intl/server'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { cityWords } from '#messages/city.ts'
import { formatInstant } from '#messages/dates.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { INCIDENT_TYPES } from '../submission/incident-rules.ts'
import type { Phone } from './case-heading.tsx'

/** Renders a text to copy and the list of papers for the police's own channel on VNeID, which the person may use too. */
export async function PoliceChannel({
  snapshot,
  incidentAt,
  area,
  phone,
}: {
  readonly snapshot: Pick<CaseSnapshot, 'number' | 'incidentType'>
  readonly incidentAt: Date
  /** The Vietnamese name of the area of the unit that has the case. */
  readonly area: string
  readonly phone: Phone
}) {
  const [t, locale] = await Promise.all([getTranslations('police-channel'), getLocale()])
  // Police read Vietnamese, in every language of the page.
  const [vi, units] = await Promise.all([
    getTranslations({ locale: 'vi', namespace: 'police-channel' }),
    getTranslations({ locale: 'vi', namespace: 'common.unit' }),
  ])
  const kind = INCIDENT_TYPES.find((one) => one === snapshot.incidentType) ?? 'lost'
  const text = vi('text', {
    ...cityWords('vi'),
    kind: vi(`kind.${kind}`),
    at: formatInstant('vi', incidentAt, 'moment'),
    area,
    device: [phone.brand, phone.model, phone.colour].filter((word) => word !== '').join(' ') || 'none',
    imeis: phone.imeis.join(', ') || 'none',
    number: snapshot.number,
    unit: units('police', { area }),
  })
  return (
    <Details summary={t('title')} look="row">
      <p className="text-sm">{t('lead')}</p>
      <div className="field">
        <label htmlFor="police-text">{t('label')}</label>
        <textarea
          className="control"
          id="police-text"
          lang="vi"
          rows={8}
          readOnly
          value={text}
          data-police-text
        />
      </div>
      <CopyButton value={text} label={t('copy')} done={t('copied')} />
      <p className="text-sm">{t('papers')}</p>
      <ul className="prose text-sm">
        <li>
          <a href={`/api/case/receipt?lang=${locale}`} download>
            {t('receipt')}
          </a>
        </li>
        <li>{t('proof')}</li>
      </ul>
    </Details>
  )
}

import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import type { SummaryRow } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { FileRecord } from '#domain/case/file.ts'
import type { Contact } from '#domain/case/particulars.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import { maskText, sayPhone } from '#domain/person/masking.ts'
import type { CorrectableField } from '#domain/privacy/correction.ts'
import type { Instant } from '#domain/time.ts'
import { formatInstant } from '#messages/dates.ts'

export interface FactsOf {
  readonly file: FileRecord & { readonly openUntil: Instant | null }
  readonly snapshot: CaseSnapshot
  readonly area: string | null
  /** Numbers are for comparing alone: no button to copy them. */
  readonly plain?: boolean
}

type Rows = readonly SummaryRow[]

const writtenContact = ({ kind, value }: Contact): string => (kind === 'phone' ? sayPhone(value) : value)

/** What was reported, by what it is about. A fact has the same key in every case, so that two can be compared. */
export async function factRows({
  file,
  snapshot,
  area,
  plain = false,
}: FactsOf): Promise<{ readonly phone: Rows; readonly incident: Rows; readonly person: Rows }> {
  const [t, locale] = await Promise.all([getTranslations('case-staff.facts'), getLocale()])
  const { particulars: p } = file
  // What was corrected says so, with what stood there before.
  const corrected = (field: CorrectableField, value: ReactNode): ReactNode => {
    const last = p.corrected?.findLast((one) => one.field === field)
    if (!last) return value
    const before = field === 'nationalId' && file.openUntil === null ? maskText(last.before) : last.before
    return (
      <>
        {value}
        <span className="block text-[0.88rem] text-soft" data-corrected={field}>
          {t('corrected', { time: formatInstant(locale, new Date(last.at), 'moment') })}{' '}
          <Written>{before || t('unknown')}</Written>
        </span>
      </>
    )
  }
  const known = [file.tacManufacturer, file.tacModel].filter(Boolean).join(' ')
  const phone = [
    {
      key: 'model',
      term: t('model'),
      value: [file.brand, file.model, file.colour].filter(Boolean).join(', '),
    },
    ...(known ? [{ key: 'tac', term: t('tac'), value: known }] : []),
    ...file.imeis.map(({ imei }, index) => ({
      key: `imei${index + 1}`,
      term: t('imei', { number: index + 1 }),
      value: <Num value={imei} groups={imeiGroups} copy={!plain} />,
    })),
    ...(p.serialNumber
      ? [{ key: 'serial', term: t('serial'), value: corrected('serialNumber', p.serialNumber) }]
      : []),
    ...p.phoneNumbers.map((number, index) => ({
      key: `sim${index + 1}`,
      term: t('sim'),
      value: <span className="num">{sayPhone(number)}</span>,
    })),
  ]
  const incident = [
    { key: 'type', term: t('type'), value: t(`incident_${snapshot.incidentType}`) },
    {
      key: 'at',
      term: t('at'),
      value: <Time at={file.incidentAt} form={p.incidentDayOnly ? 'date' : 'moment'} />,
    },
    { key: 'area', term: t('area'), value: area },
    { key: 'place', term: t('place'), value: corrected('place', p.place || t('unknown')) },
    ...(p.sourceNumber ? [{ key: 'source', term: t('source'), value: p.sourceNumber }] : []),
    ...(p.story ? [{ key: 'story', term: t('story'), value: corrected('story', p.story) }] : []),
  ]
  const person = [
    { key: 'name', term: t('name'), value: corrected('fullName', p.fullName || t('unknown')) },
    {
      key: 'id',
      term: t(p.idKind ?? 'cccd'),
      value: corrected(
        'nationalId',
        p.nationalId ? <Num value={p.nationalId} copy={!plain && file.openUntil !== null} /> : t('unknown'),
      ),
    },
    {
      key: 'contact',
      term: t('contact'),
      value: p.contact ? writtenContact(p.contact) : t('unknown'),
    },
    ...(p.address ? [{ key: 'address', term: t('address'), value: corrected('address', p.address) }] : []),
    { key: 'locale', term: t('language'), value: t(file.locale === 'en' ? 'language_en' : 'language_vi') },
  ]
  return { phone, incident, person }
}

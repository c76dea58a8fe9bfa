import { getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FileRecord } from '#domain/case/file.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import { formatMobile, type Msisdn } from '#domain/person/phone-number.ts'

export interface CaseFactsProps {
  readonly file: FileRecord
  readonly snapshot: CaseSnapshot
  readonly area: string | null
  /** Headings one level deeper, where two files stand side by side. */
  readonly heading?: 'h2' | 'h4'
}

/** The phone, what happened, and whose it is. */
export async function CaseFacts({ file, snapshot, area, heading: H = 'h2' }: CaseFactsProps) {
  const t = await getTranslations('case-staff.facts')
  const { particulars: p } = file
  const known = [file.tacManufacturer, file.tacModel].filter(Boolean).join(' ')
  return (
    <>
      <Card>
        <H className="font-semibold">{t('phone')}</H>
        <SummaryList
          rows={[
            {
              key: 'model',
              term: t('model'),
              value: [file.brand, file.model, file.colour].filter(Boolean).join(', '),
            },
            ...(known ? [{ key: 'tac', term: t('tac'), value: known }] : []),
            ...file.imeis.map(({ imei }, index) => ({
              key: imei,
              term: t('imei', { number: index + 1 }),
              value: <Num value={imei} groups={imeiGroups} copy />,
            })),
            ...(p.serialNumber ? [{ key: 'serial', term: t('serial'), value: p.serialNumber }] : []),
            ...p.phoneNumbers.map((number) => ({
              key: number,
              term: t('sim'),
              value: <span className="num">{formatMobile(number as Msisdn)}</span>,
            })),
          ]}
        />
      </Card>
      <Card>
        <H className="font-semibold">{t('incident')}</H>
        <SummaryList
          rows={[
            { key: 'type', term: t('type'), value: t(`incident_${snapshot.incidentType}`) },
            { key: 'at', term: t('at'), value: <Time at={file.incidentAt} /> },
            { key: 'area', term: t('area'), value: area },
            { key: 'place', term: t('place'), value: p.place },
            ...(p.story ? [{ key: 'story', term: t('story'), value: p.story }] : []),
          ]}
        />
      </Card>
      <Card>
        <H className="font-semibold">{t('person')}</H>
        <SummaryList
          rows={[
            { key: 'name', term: t('name'), value: p.fullName },
            { key: 'id', term: t(p.idKind), value: <Num value={p.nationalId} copy /> },
            {
              key: 'contact',
              term: t('contact'),
              value: p.contact.kind === 'phone' ? formatMobile(p.contact.value as Msisdn) : p.contact.value,
            },
            ...(p.address ? [{ key: 'address', term: t('address'), value: p.address }] : []),
            {
              key: 'locale',
              term: t('language'),
              value: t(file.locale === 'en' ? 'language_en' : 'language_vi'),
            },
          ]}
        />
      </Card>
    </>
  )
}

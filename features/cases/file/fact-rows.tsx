import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Imei, Num } from '#components/ui/num.tsx'
import type { SummaryRow } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { CorrectableField } from '#features/privacy/requests/correction-rules.ts'
import { openTexts } from '#features/reporting/fields/columns-rules.ts'
import { type OwnIn, type RowIn, rowsOf } from '#features/reporting/fields/rules.ts'
import type { AnswerStep } from '#features/reporting/steps/rules.ts'
import { sayPhone } from '#lib/person/masking.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { fieldLabels } from '#messages/field-labels.ts'
import { sayField } from '#messages/field-values.ts'
import type { Contact } from '../particulars/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf } from '../record/state-rules.ts'
import type { FileRecord } from './rules.ts'

export interface FactsOf {
  readonly file: FileRecord & { readonly openUntil: Instant | null }
  readonly snapshot: CaseSnapshot
  readonly area: string | null
  /** Shows numbers without a button to copy them, only for comparison. */
  readonly plain?: boolean
}

type Rows = readonly SummaryRow[]

const writtenContact = ({ kind, value }: Contact): string => (kind === 'phone' ? sayPhone(value) : value)

/**
 * Returns the reported facts, grouped by subject. A fact has the same key in every case, so that two cases can be
 * compared.
 */
export async function factRows({
  file,
  snapshot,
  area,
  plain = false,
}: FactsOf): Promise<{ readonly phone: Rows; readonly incident: Rows; readonly person: Rows }> {
  const [t, label, locale] = await Promise.all([
    getTranslations('case-staff.facts'),
    fieldLabels('file'),
    getLocale(),
  ])
  const { particulars: p } = file
  const said = { ...openTexts(file), ...p }
  // A corrected value is marked, with the value before it.
  const corrected = (field: CorrectableField | RowIn<'file'>, value: ReactNode): ReactNode => {
    const last = p.corrected?.findLast((one) => one.field === field)
    if (!last) return value
    const before = sayField(locale, field, last.before)
    return (
      <>
        {value}
        <span className="block text-sm text-soft" data-corrected={field}>
          {t('corrected', { time: formatInstant(locale, new Date(last.at), 'moment') })}{' '}
          <Written>{before || t('unknown')}</Written>
        </span>
      </>
    )
  }
  // One row has three facts: each corrected one adds a line.
  const correctedPhone = (value: ReactNode): ReactNode =>
    (['brand', 'model', 'colour'] as const).reduce((row, field) => corrected(field, row), value)
  const own = {
    incidentType: { key: 'type', term: t('type'), value: t(`incident_${snapshot.incidentType}`) },
    incidentAt: {
      key: 'at',
      term: t('at'),
      value: corrected(
        'incidentAt',
        <Time at={file.incidentAt} form={p.incidentDayOnly ? 'date' : 'moment'} />,
      ),
    },
    place: { key: 'place', term: t('place'), value: corrected('place', p.place || t('unknown')) },
    imei1:
      file.imeis.length === 0
        ? [{ key: 'imei1', term: t('imei_none'), value: t('imei_unknown') }]
        : file.imeis.map(({ imei, isPublic }, index) => ({
            key: `imei${index + 1}`,
            term: t('imei', { number: index + 1 }),
            value: (
              <>
                <Imei value={imei} copy={!plain} />
                {isPublic || stateOf(snapshot.state).block !== 'in_force' ? null : (
                  <span className="block text-sm text-saffron-deep" data-imei-waits={imei}>
                    {t('imei_waits')}
                  </span>
                )}
              </>
            ),
          })),
    brand: {
      key: 'model',
      term: t('model'),
      value: correctedPhone([file.brand, file.model, file.colour].filter(Boolean).join(', ') || t('unknown')),
    },
    phoneNumber1: p.phoneNumbers.map((number, index) => ({
      key: `sim${index + 1}`,
      term: t('sim'),
      value: <span className="num">{sayPhone(number)}</span>,
    })),
    fullName: { key: 'name', term: t('name'), value: corrected('fullName', p.fullName || t('unknown')) },
    nationalId: {
      key: 'id',
      term: t(p.idKind ?? 'cccd'),
      value: corrected(
        'nationalId',
        p.nationalId ? <Num value={p.nationalId} copy={!plain && file.openUntil !== null} /> : t('unknown'),
      ),
    },
    contactEmail: {
      key: 'contact',
      term: t('contact'),
      value:
        [p.contact, p.secondContact].flatMap((one) => (one ? [writtenContact(one)] : [])).join(', ') ||
        t('unknown'),
    },
  } as const satisfies Record<OwnIn<'file'>, SummaryRow | Rows>
  const texts = (step: AnswerStep): Rows =>
    rowsOf('file', step)
      .map((name) => [name, sayField(locale, name, said[name])] as const)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => ({ key: name, term: label(name), value: corrected(name, text) }))
  const known = [file.tacManufacturer, file.tacModel].filter(Boolean).join(' ')
  const phone = [
    own.brand,
    ...(known ? [{ key: 'tac', term: t('tac'), value: known }] : []),
    ...own.imei1,
    ...texts('phone'),
    ...own.phoneNumber1,
  ]
  const incident = [
    own.incidentType,
    own.incidentAt,
    { key: 'area', term: t('area'), value: area },
    own.place,
    ...(p.sourceNumber ? [{ key: 'source', term: t('source'), value: p.sourceNumber }] : []),
    ...texts('incident'),
  ]
  const person = [
    own.fullName,
    own.nationalId,
    own.contactEmail,
    ...texts('person'),
    { key: 'locale', term: t('language'), value: t(file.locale === 'en' ? 'language_en' : 'language_vi') },
  ]
  return { phone, incident, person }
}

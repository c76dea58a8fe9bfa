import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Imei } from '#components/ui/num.tsx'
import type { SummaryRow } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { displayName, type KnownDevice } from '#lib/imei/device.ts'
import { formatMobile } from '#lib/person/phone-number.ts'
import { fieldLabels } from '#messages/field-labels.ts'
import { sayField } from '#messages/field-values.ts'
import type { Route } from '#messages/paths.ts'
import { FIELDS, type FieldName, fieldsOfStep, type OwnIn, type RowIn } from '../fields/rules.ts'
import { KnownDeviceNote as Device } from './known-device.tsx'
import { describePhone } from './phone-rules.ts'
import type { Report } from './report-rules.ts'
import type { AnswerStep, ReportStep } from './rules.ts'

type Row = SummaryRow

export async function ReportSummary({
  draft,
  area,
  change,
}: {
  readonly draft: {
    readonly report: Report
    readonly device: KnownDevice | null
    readonly evidence: number
    readonly unconfirmed: readonly Contact[]
  }
  readonly area: { readonly nameVi: string; readonly nameEn: string } | null
  readonly change: (step: ReportStep) => Route
}) {
  const { incident, contact, phone, person } = draft.report
  if (incident === null || contact === null || phone === null || person === null) return null
  const [t, common, label, locale] = await Promise.all([
    getTranslations('report'),
    getTranslations('common.form'),
    fieldLabels('review'),
    getLocale(),
  ])
  const described = describePhone(phone, draft.device)
  const device = displayName(described.brand, described.model)
  const isKnown = phone.brand === '' && phone.model === '' && draft.device !== null
  const own = {
    incidentType: { key: 'type', term: t('review.type'), value: t(`incident.${incident.incidentType}`) },
    incidentAt: { key: 'at', term: t('review.at'), value: <Time at={incident.incidentAt} /> },
    place: {
      key: 'place',
      term: t('review.place'),
      value: (
        <>
          {incident.place === '' ? null : (
            <>
              <Written>{incident.place}</Written>,{' '}
            </>
          )}
          {locale === 'vi' ? area?.nameVi : area?.nameEn}
        </>
      ),
    },
    imei1: {
      key: 'imeis',
      term: t('review.imeis'),
      value: (
        <span className="flex flex-col">
          {phone.imeis.length === 0 ? t('review.imeiUnknown') : null}
          {phone.imeis.map(({ imei }) => (
            <Imei key={imei} value={imei} />
          ))}
          {described.mismatch ? <Device device={draft.device} typed={phone} /> : null}
        </span>
      ),
    },
    brand: {
      key: 'device',
      term: t('review.device'),
      value: isKnown ? t('review.byImei', { device }) : <Written>{device}</Written>,
    },
    phoneNumber1: {
      key: 'numbers',
      term: t('review.phoneNumbers'),
      value: phone.phoneNumbers.map((number) => (
        <span key={number} className="num block">
          {formatMobile(number)}
        </span>
      )),
    },
    fullName: { key: 'name', term: t('review.fullName'), value: <Written>{person.fullName}</Written> },
    nationalId: { key: 'id', term: t(`review.${person.idKind}`), value: person.nationalId },
    contactEmail: {
      key: 'contact',
      term: t('review.contact'),
      value:
        contact.contact === null
          ? t('review.noContact')
          : [contact.contact, contact.other].map((one) => {
              if (one === null) return null
              const isOpen = draft.unconfirmed.some(({ value }) => value === one.value)
              return (
                <span key={one.value} className="block">
                  {writeContact(one)}{' '}
                  {isOpen ? (
                    <Link href="/report/code">{t('review.unconfirmed')}</Link>
                  ) : (
                    `(${t('review.confirmed')})`
                  )}
                </span>
              )
            }),
    },
  } as const satisfies Record<OwnIn<'review'>, Row>
  const texts = { ...incident, ...phone, ...person }
  const text = (name: RowIn<'review'>): Row => ({
    key: name,
    term: label(name),
    value: <Written>{sayField(locale, name, texts[name])}</Written>,
  })
  // Facts that are usually asked after sending are also shown if answered.
  const isShown = (name: FieldName) => {
    if (name === 'brand') return device !== ''
    if (name === 'phoneNumber1') return phone.phoneNumbers.length > 0
    return name === 'place' || !(name in texts && texts[name as keyof typeof texts] === '')
  }
  const rowsOf = (step: AnswerStep) =>
    fieldsOfStep(step)
      .filter((name) => FIELDS[name].review !== null && isShown(name))
      .map((name) => (name in own ? own[name as keyof typeof own] : text(name as RowIn<'review'>)))
  const files = {
    key: 'files',
    term: t('review.evidence'),
    value: t('review.files', { count: draft.evidence }),
  }
  const cards: readonly (readonly [ReportStep, readonly Row[]])[] = [
    ['incident', rowsOf('incident')],
    ['contact', rowsOf('contact')],
    ['phone', rowsOf('phone')],
    ['person', rowsOf('person')],
    ['evidence', [files]],
  ]
  return (
    <Card className="divide-y divide-line [&>*]:py-2.5 [&>*:first-child]:pt-0 [&>*:last-child]:pb-0">
      {cards.map(([step, rows]) => {
        const title = t(`steps.${step}`)
        return (
          <section key={step}>
            <div className="flex items-baseline justify-between gap-4">
              <h2 className="text-base">{title}</h2>
              <Link href={change(step)} aria-label={`${common('change')}: ${title}`}>
                {common('change')}
              </Link>
            </div>
            <Lines rows={rows} />
          </section>
        )
      })}
    </Card>
  )
}

/** Renders one line per answer. For self-explanatory answers only screen readers get the label. */
const Lines = ({ rows }: { readonly rows: readonly Row[] }) => (
  <dl>
    {rows.map(({ key, term, value }) => (
      <div key={key} className="wrap-anywhere whitespace-pre-line">
        <dt className={PLAIN.has(key) ? 'sr-only' : 'inline text-soft'}>{term}:</dt>{' '}
        <dd className="inline">{value}</dd>
      </div>
    ))}
  </dl>
)

const PLAIN: ReadonlySet<string> = new Set([
  'type',
  'at',
  'place',
  'imeis',
  'device',
  'name',
  'contact',
  'files',
])

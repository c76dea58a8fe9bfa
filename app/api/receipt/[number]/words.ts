import { createTranslator } from 'use-intl/core'
import type { UnitContact } from '#features/areas/rules.ts'
import type { ProofCode } from '#features/audit/proofs/code-rules.ts'
import { decisionDue, firstActionDue, type Holidays } from '#features/cases/clocks/rules.ts'
import { maskContact } from '#features/cases/contacts/rules.ts'
import { spellCaseNumber } from '#features/cases/numbers/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { CaseSecret } from '#features/cases/unlock/rules.ts'
import type { Receipt } from '#features/reporting/drafts/page-data.ts'
import type { ReceiptWords } from '#features/reporting/paper/receipt.ts'
import { displayName } from '#lib/imei/device.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { groupTelephone } from '#lib/telephone.ts'
import { catalogue } from '#messages/catalogue.ts'
import { cityWords } from '#messages/city.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'

interface ReceiptPlace {
  readonly unit: Omit<UnitContact, 'name'>
  readonly hotline: string
  readonly subscriberBasis: string
}

export function receiptWords(
  receipt: Pick<
    Receipt,
    'number' | 'submittedAt' | 'incidentType' | 'unit' | 'brand' | 'model' | 'imeis' | 'filedById'
  > & {
    /** Null where the case has none, such as some cases that police imported. */
    readonly contact: Contact | null
    /** Null on a copy: the product does not keep the secret, so the strip that opens the case is not printed again. */
    readonly secret: CaseSecret | null
  },
  proof: ProofCode,
  locale: Locale,
  days: Holidays,
  place: ReceiptPlace,
): ReceiptWords {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'report' })
  const at = (moment: Date) => formatInstant(locale, moment, 'moment')
  const district = locale === 'vi' ? receipt.unit.nameVi : receipt.unit.nameEn
  const phone = displayName(receipt.brand, receipt.model)
  const before = (moment: Date) => t('receipt.before', { at: at(moment) })
  // A phone without an IMEI gets no decision yet, so no date is promised.
  const imeiUnknown = receipt.imeis.length === 0
  return {
    office: [t('paper.city'), cityWords(locale).city.toLocaleUpperCase(locale)],
    nation: [t('paper.republic'), t('paper.motto')],
    title: t('paper.title'),
    subtitle: t('paper.subtitle'),
    number: {
      name: t('receipt.number'),
      code: receipt.number,
      note: t('receipt.spelled', { spelled: spellCaseNumber(receipt.number, locale) }),
    },
    facts: [
      [t('paper.sent'), at(receipt.submittedAt)],
      [t('paper.area'), t('paper.areaValue', { district })],
      [t('paper.reach'), reach(place, (hotline) => t('paper.hotline', { hotline }))],
      ...(receipt.filedById === null ? [] : [[t('paper.filedBy'), t('paper.filedByPolice')] as const]),
      [t('paper.incident'), t(`incident.${receipt.incidentType}`)],
      ...(phone === '' ? [] : [[t('paper.phone'), phone] as const]),
      [
        'IMEI',
        imeiUnknown ? t('receipt.imeiUnknown') : inPairs(receipt.imeis.map(({ imei }) => formatImei(imei))),
      ],
    ],
    sections: [
      {
        title: t('receipt.nextTitle'),
        lines: [
          ...[
            `${t('receipt.nextReview', { district })}. ${before(firstActionDue(receipt.submittedAt))}.`,
            ...(imeiUnknown ? [`${t('receipt.nextFindImei')}. ${t('receipt.nextImei')}`] : []),
            `${t('receipt.nextDecision')}. ${imeiUnknown ? t('receipt.nextDecisionImei') : before(decisionDue(receipt.submittedAt, days))}.`,
            `${t('receipt.nextBlock')}. ${t('receipt.nextBlockWhen')}.`,
          ].map((step, index) => `${index + 1}. ${step}`),
          ...(receipt.contact === null
            ? [t('receipt.nextOnPaper')]
            : [t('receipt.nextMessage', { contact: maskContact(receipt.contact) })]),
        ],
      },
      {
        title: t('receipt.crimeTitle'),
        lines: [
          t.markup('receipt.crimeText', { written: (text) => text }),
          t(receipt.incidentType === 'lost' ? 'receipt.crimeLost' : 'receipt.crimeGo'),
          t('receipt.crimeCall'),
        ],
      },
      {
        title: t('receipt.simTitle'),
        lines: [t('paper.sim', { basis: place.subscriberBasis })],
      },
    ],
    proof: { title: t('proof.title'), code: proof, note: t('proof.paper') },
    foot: t('paper.place', {
      ...cityWords(locale),
      date: formatInstant(locale, receipt.submittedAt, 'date'),
    }),
    own:
      receipt.secret === null
        ? null
        : {
            cut: t('receipt.cut'),
            title: t('receipt.keepTitle'),
            secret: { name: t('receipt.secret'), code: receipt.secret, note: t('receipt.secretHint') },
            number: `${t('receipt.number')}: ${receipt.number}`,
            scan: t('receipt.qr'),
          },
  }
}

/** Puts two IMEIs on a line; a third would be broken in the middle. */
const inPairs = (imeis: readonly string[]): string =>
  imeis.map((imei, index) => (index === 0 ? imei : index % 2 === 0 ? `,\n${imei}` : `, ${imei}`)).join('')

/** Returns the unit's address, telephone and hours on one line; the city's hotline if the telephone is unknown. */
function reach({ unit, hotline }: ReceiptPlace, city: (hotline: string) => string): string {
  const { address, telephone, hours } = unit
  const called = telephone === undefined ? city(groupTelephone(hotline)) : groupTelephone(telephone)
  return [address, called, hours]
    .filter((part) => part !== undefined)
    .map((part) => part.replaceAll('\n', ', '))
    .join('; ')
}

import { createTranslator } from 'use-intl/core'
import type { ReceiptWords } from '#components/paper/receipt.ts'
import type { ProofCode } from '#domain/audit/proof-code.ts'
import { decisionDue, firstActionDue, type Holidays } from '#domain/case/clocks.ts'
import { spellCaseNumber } from '#domain/case/spelling.ts'
import { displayName } from '#domain/imei/device.ts'
import { formatImei } from '#domain/imei/imei.ts'
import { maskContact } from '#domain/person/contact.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import type { Receipt } from '#server/reports/loaders.ts'

/** Returns what a receipt says on paper. */
export function receiptWords(
  receipt: Receipt,
  proof: ProofCode,
  locale: Locale,
  days: Holidays,
): ReceiptWords {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'report' })
  const at = (moment: Date) => formatInstant(locale, moment, 'moment')
  const district = locale === 'vi' ? receipt.area.nameVi : receipt.area.nameEn
  const phone = displayName(receipt.brand, receipt.model)
  const before = (moment: Date) => t('receipt.before', { at: at(moment) })
  return {
    office: [t('paper.city'), t('paper.cityName')],
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
      ...(receipt.filedById === null ? [] : [[t('paper.filedBy'), t('paper.filedByPolice')] as const]),
      [t('paper.incident'), t(`incident.${receipt.incidentType}`)],
      ...(phone === '' ? [] : [[t('paper.phone'), phone] as const]),
      ...(receipt.imeis.length === 0 ? [['IMEI', t('receipt.imeiUnknown')] as const] : []),
      ...receipt.imeis.map(({ imei }, index) => [`IMEI ${index + 1}`, formatImei(imei)] as const),
    ],
    sections: [
      {
        title: t('receipt.nextTitle'),
        lines: [
          ...(receipt.counterclaim === null ? [] : [t('receipt.nextCounterclaim')]),
          `1. ${t('receipt.nextReview', { district })}. ${before(firstActionDue(receipt.submittedAt))}.`,
          `2. ${t('receipt.nextDecision')}. ${before(decisionDue(receipt.submittedAt, days))}.`,
          `3. ${t('receipt.nextBlock')}. ${t('receipt.nextBlockWhen')}.`,
          ...(receipt.imeis.length === 0 ? [t('receipt.nextImei')] : []),
          t('receipt.nextMessage', { contact: maskContact(receipt.contact) }),
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
    ],
    proof: { title: t('proof.title'), code: proof, note: t('proof.paper') },
    foot: t('paper.place', { date: formatInstant(locale, receipt.submittedAt, 'date') }),
    own: {
      cut: t('receipt.cut'),
      title: t('receipt.keepTitle'),
      secret: { name: t('receipt.secret'), code: receipt.secret, note: t('receipt.secretHint') },
      number: `${t('receipt.number')}: ${receipt.number}`,
      scan: t('receipt.qr'),
    },
  }
}

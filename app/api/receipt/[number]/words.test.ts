import { renderToBuffer } from '@react-pdf/renderer'
import { expect, test } from 'vitest'
import { type ReceiptWords, receiptPaper } from '#components/paper/receipt.ts'
import type { ProofCode } from '#domain/audit/proof-code.ts'
import { catalogue } from '#messages/catalogue.ts'
import { locales } from '#messages/routing.ts'
import type { Receipt } from '#server/reports/loaders.ts'
import { receiptWords } from './words.ts'

// As long as a receipt grows: a rival claim, four IMEIs, a long name of the phone, a contact by mail.
const longest = {
  number: 'HCM-WMVW-WMVW-X',
  secret: 'WMVWW-MVWWM-VWWMV-WWMVW',
  submittedAt: new Date('2026-11-26T10:32:00Z'),
  incidentType: 'snatched',
  area: { nameVi: 'Quận Bình Thạnh', nameEn: 'Bình Thạnh District' },
  brand: 'Samsung',
  model: 'Galaxy S24 Ultra 5G 512GB phiên bản Việt Nam',
  imeis: Array.from({ length: 4 }, () => ({ imei: '356786467669705' })),
  counterclaim: 'open',
  filedById: '0f4b7a52-6f0e-4a80-9d0c-2f1f3a1f6f01',
  contact: { kind: 'email', value: 'nguyen.thi.anh.tuyet@thanhphohochiminh.example.vn' },
} as unknown as Receipt

/** All that stands above the line along which the sheet is cut. */
const aboveTheCut = ({ own: _, ...above }: ReceiptWords): string => JSON.stringify(above)

for (const locale of locales) {
  test(`what is shown to police holds number, IMEIs and dates, and nothing that opens the case (${locale})`, () => {
    const words = receiptWords(longest, '0' as ProofCode, locale, new Set())
    expect(aboveTheCut(words)).toContain(longest.number)
    expect(aboveTheCut(words)).toContain('35 678646 766970 5')
    expect(aboveTheCut(words)).not.toContain(longest.secret)
    expect(words.own.secret.code).toBe(longest.secret)
  })

  test(`a receipt says that police filed it, where they did (${locale})`, () => {
    const { filedByPolice } = catalogue[locale].report.paper
    const facts = (receipt: Receipt) =>
      receiptWords(receipt, '0' as ProofCode, locale, new Set()).facts.map(([, value]) => value)
    expect(facts(longest)).toContain(filedByPolice)
    expect(facts({ ...longest, filedById: null })).not.toContain(filedByPolice)
  })

  test(`the longest receipt is one sheet of paper (${locale})`, async () => {
    const words = receiptWords(
      longest,
      '0000-0DGP-PTY1-9JN7-K1PZ-G62E-2C7H-1Q4E-Z3QS' as ProofCode,
      locale,
      new Set(),
    )
    const link = 'https://antam.hochiminhcity.gov.vn/k/HCM-WMVW-WMVW-X.WMVWWMVWWMVWWMVWWMVW'
    const pdf = await renderToBuffer(receiptPaper({ words, link, proofLink: link, language: locale }))
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
  })
}

import { renderToBuffer } from '@react-pdf/renderer'
import { expect, test } from 'vitest'
import type { ProofCode } from '#features/audit/proofs/code-rules.ts'
import type { Receipt } from '#features/reporting/drafts/page-data.ts'
import { type ReceiptWords, receiptPaper } from '#features/reporting/paper/receipt.ts'
import { catalogue } from '#messages/catalogue.ts'
import { locales } from '#messages/routing.ts'
import { receiptWords } from './words.ts'

// The longest possible receipt: a rival claim, four IMEIs, a long phone name, an email contact.
const longest = {
  number: 'HCM-WMVW-WMVW-X',
  secret: 'WMVWW-MVWWM-VWWMV-WWMVW',
  submittedAt: new Date('2026-11-26T10:32:00Z'),
  incidentType: 'snatched',
  unit: { id: 'binh-thanh', nameVi: 'Quận Bình Thạnh', nameEn: 'Bình Thạnh District' },
  brand: 'Samsung',
  model: 'Galaxy S24 Ultra 5G 512GB phiên bản Việt Nam',
  imeis: Array.from({ length: 4 }, () => ({ imei: '356786467669705' })),
  filedById: '0f4b7a52-6f0e-4a80-9d0c-2f1f3a1f6f01',
  contact: { kind: 'email', value: 'nguyen.thi.anh.tuyet@thanhphohochiminh.example.vn' },
} as unknown as Receipt

const place = { unit: {}, hotline: '1022', subscriberBasis: 'Thông tư 08/2026/TT-BKHCN' }
const farPlace = {
  unit: {
    address: '326 đường Hoàng Hữu Nam, khu phố Long Thạnh Mỹ\nPhường Long Bình, Thành phố Thủ Đức',
    telephone: '02838297643',
    hours: 'Thứ Hai đến Thứ Sáu 7:30–11:30 và 13:00–17:00\nThứ Bảy 7:30–11:30',
  },
  hotline: '1022',
  subscriberBasis: 'Nghị định 163/2024/NĐ-CP, Thông tư 08/2026/TT-BKHCN',
}

/** Returns all text above the line where the sheet is cut. */
const aboveTheCut = ({ own: _, ...above }: ReceiptWords): string => JSON.stringify(above)

for (const locale of locales) {
  test(`what is shown to police holds number, IMEIs and dates, and nothing that opens the case (${locale})`, () => {
    const words = receiptWords(longest, '0' as ProofCode, locale, new Set(), place)
    expect(aboveTheCut(words)).toContain(longest.number)
    expect(aboveTheCut(words)).toContain('35 678646 766970 5')
    expect(aboveTheCut(words)).not.toContain(longest.secret)
    expect(words.own?.secret.code).toBe(longest.secret)
  })

  test(`a receipt says that police filed it, where they did (${locale})`, () => {
    const { filedByPolice } = catalogue[locale].report.paper
    const facts = (receipt: Receipt) =>
      receiptWords(receipt, '0' as ProofCode, locale, new Set(), place).facts.map(([, value]) => value)
    expect(facts(longest)).toContain(filedByPolice)
    expect(facts({ ...longest, filedById: null })).not.toContain(filedByPolice)
  })

  test(`a receipt says where the unit is, and the city's number where that is not known (${locale})`, () => {
    const said = (at: typeof place | typeof farPlace) =>
      aboveTheCut(receiptWords(longest, '0' as ProofCode, locale, new Set(), at))
    expect(said(place)).toContain('1022')
    expect(said(farPlace)).toContain('Long Bình, Thành phố Thủ Đức; 028 3829 7643; Thứ Hai')
    expect(said(farPlace)).not.toContain('1022')
    expect(said(farPlace)).toContain('Thông tư 08/2026/TT-BKHCN')
  })

  test(`without an IMEI the day of the first look alone is promised (${locale})`, () => {
    const steps = (receipt: Receipt) => {
      const [next] = receiptWords(receipt, '0' as ProofCode, locale, new Set(), place).sections
      return (next?.lines ?? []).filter((line) => /^\d\. /.test(line))
    }
    const dated = (lines: readonly string[]) => lines.map((line) => /2026/.test(line))
    expect(dated(steps(longest))).toEqual([true, true, false])
    const unknown = steps({ ...longest, imeis: [] })
    expect(dated(unknown)).toEqual([true, false, false, false])
    expect(unknown[1]).toContain(catalogue[locale].report.receipt.nextImei)
  })

  test(`a copy has no strip that opens the case (${locale})`, () => {
    const words = receiptWords({ ...longest, secret: null }, '0' as ProofCode, locale, new Set(), place)
    expect(words.own).toBeNull()
    expect(JSON.stringify(words)).not.toContain(longest.secret)
  })

  test.each([
    ['longest receipt', longest],
    ['receipt without an IMEI', { ...longest, imeis: [] }],
  ])(`the %s is one sheet of paper (${locale})`, async (_, receipt) => {
    const words = receiptWords(
      receipt,
      '0000-0DGP-PTY1-9JN7-K1PZ-G62E-2C7H-1Q4E-Z3QS' as ProofCode,
      locale,
      new Set(),
      farPlace,
    )
    const link = 'https://antam.hochiminhcity.gov.vn/k/HCM-WMVW-WMVW-X.WMVWWMVWWMVWWMVWWMVW'
    const pdf = await renderToBuffer(receiptPaper({ words, link, proofLink: link, language: locale }))
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
  })
}

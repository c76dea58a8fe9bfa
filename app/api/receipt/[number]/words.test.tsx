import { renderToBuffer } from '@react-pdf/renderer'
import { expect, test } from 'vitest'
import { ReceiptPaper } from '#components/paper/receipt.tsx'
import type { ProofCode } from '#domain/audit/proof-code.ts'
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
  contact: { kind: 'email', value: 'nguyen.thi.anh.tuyet@thanhphohochiminh.example.vn' },
} as unknown as Receipt

for (const locale of locales) {
  test(`the longest receipt is one sheet of paper (${locale})`, async () => {
    const words = receiptWords(
      longest,
      '0000-0DGP-PTY1-9JN7-K1PZ-G62E-2C7H-1Q4E-Z3QS' as ProofCode,
      locale,
      new Set(),
    )
    const link = 'https://antam.hochiminhcity.gov.vn/k/HCM-WMVW-WMVW-X.WMVWWMVWWMVWWMVWWMVW'
    const pdf = await renderToBuffer(
      <ReceiptPaper words={words} link={link} proofLink={link} language={locale} />,
    )
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
  })
}

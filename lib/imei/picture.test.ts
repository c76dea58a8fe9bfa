import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '#tests/runs.ts'
import { formatImei, luhnDigit } from './imei.ts'
import { offeredImeis, type SeenBarcode } from './picture.ts'

const ONE = '352987065816623'
const TWO = '352987065816706'

const barcodes = (...seen: readonly (readonly [format: string, text: string])[]): string[] =>
  offeredImeis({ barcodes: seen.map(([format, text]): SeenBarcode => ({ format, text })), lines: [] }).map(
    ({ imei }) => imei,
  )
const lines = (...seen: readonly string[]): string[] =>
  offeredImeis({ barcodes: [], lines: seen }).map(({ imei }) => imei)

describe('barcodes', () => {
  it('of a box: both IMEIs, in their order; not the goods’ number nor the serial number', () => {
    expect(
      barcodes(['EAN13', '8806094912345'], ['Code128', ONE], ['Code128', TWO], ['Code128', 'R58W30KX7TB']),
    ).toEqual([ONE, TWO])
  })

  it('of two phones: all of them, each once', () => {
    expect(
      barcodes(['code_128', ONE], ['code_128', TWO], ['code_39', '490154203237518'], ['code_39', ONE]),
    ).toEqual([ONE, TWO, '490154203237518'])
  })

  it.each([
    ['EAN-13 with a supplement of two', 'EAN13', '350000000000127'],
    ['the same, as the browser names it', 'ean_13', '350000000000127'],
    ['interleaved two of five', 'ITF', ONE],
    ['Codabar', 'codabar', ONE],
    ['GS1', 'Code128', `(21)${ONE}`],
    ['a serial number that says so', 'Code128', `S/N:${ONE}`],
    ['a serial number of 15 digits', 'Code128', '781234567890128'],
    ['a piece of a SIM’s number', 'Code128', '898404800012345'],
    ['a wrong check digit', 'Code128', '352987065816624'],
    ['a test number', 'Code128', '001010123456788'],
    ['one digit repeated', 'Code128', '333333333333333'],
    ['16 digits', 'Code128', '3529870658166207'],
    ['14 digits', 'Code128', '35298706581662'],
    ['a link', 'QRCode', `https://example.vn/?imei=${ONE}`],
    ['a link in capitals', 'qr_code', `HTTPS://EXAMPLE.VN/${ONE}`],
    ['a link without its scheme', 'QRCode', `www.example.vn/ ${ONE}`],
    ['an eSIM', 'QRCode', `LPA:1$smdp.example.vn$ ${ONE}`],
    ['Wi-Fi', 'QRCode', `WIFI:S:nha; P: ${ONE};;`],
    ['a payment', 'QRCode', `00020101021138 ${ONE}`],
    ['labelled as a serial number', 'DataMatrix', `SN: ${ONE}`],
    ['a longer number', 'DataMatrix', `0108806094912345${ONE}`],
  ])('%s is not offered', (_, format, text) => {
    expect(barcodes([format, text])).toEqual([])
  })

  it('of two dimensions are read as text', () => {
    expect(barcodes(['QRCode', `IMEI1:${ONE};IMEI2:${TWO};SN:R58W30KX7TB`])).toEqual([ONE, TWO])
    expect(barcodes(['DataMatrix', `${ONE},${TWO},R58W30KX7TB`])).toEqual([ONE, TWO])
  })

  it('a number under another label in the text is not offered, even if a barcode has it', () => {
    expect(
      offeredImeis({ barcodes: [{ format: 'Code128', text: ONE }], lines: [`S/N ${ONE}`, 'IMEI', TWO] }),
    ).toEqual([{ imei: TWO, from: 'text' }])
  })
})

describe('text', () => {
  it.each([
    [`IMEI: ${ONE}`],
    [`IMEI1 ${ONE} / 01`],
    [`IMEI 1 35 298706 581662 3`],
    [`lMEl 2: 35-298706-581662-3`],
    [`IMEI (sim slot 1) ${ONE}`],
    [`IMEI (khe 2): 35 298706 581662 3`],
    [`IMEI/MEID ${ONE}`],
    [`Số IMEI: 352987/06/581662/3`],
    [`SIM 1 IMEI ${ONE} SN R58W30KX7TB`],
    [`imei１：３５２９８７０６５８１６６２３`],
  ])('%s', (line) => {
    expect(lines(line)).toEqual([ONE])
  })

  it('a label stands above its number, and speaks for no other line', () => {
    expect(lines('Số IMEI', '35 298706 581662 3', 'Số sê-ri', '490154203237518')).toEqual([ONE])
    expect(lines('IMEI', 'S/N: R58W30KX7TB', ONE)).toEqual([ONE])
  })

  it('both numbers of a *#06# screen', () => {
    expect(lines('IMEI', `${ONE} / 01`, `${TWO} / 01`, 'SN', 'R58W30KX7TB')).toEqual([ONE, TWO])
    expect(lines('IMEI', `${ONE} ${TWO}`)).toEqual([ONE, TWO])
    expect(lines('IMEI', '35 298706 581662 3 35 298706 581670 6')).toEqual([ONE, TWO])
  })

  it.each([
    [`Đơn hàng ${ONE}`, 'IMEI có trên hộp'],
    [`ICCID ${ONE}`, 'IMEI'],
    [`MEID: ${ONE}`, 'IMEI'],
    [`IMEI SV ${ONE}`, 'IMEI'],
    [ONE, 'không nhãn nào cả'],
    [`EID 89049032${ONE}`, 'IMEI'],
    [`IMEI ${ONE}7`, ''],
    [`IMEI A${ONE}`, ''],
    ['IMEI 35 298706 581662', ''],
  ])('%s is not offered', (...seen) => {
    expect(lines(...seen)).toEqual([])
  })
})

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''))
const imei = digits(12).map((rest) => {
  const key = `35${rest}`
  return key + luhnDigit(key)
})
const FORMATS = [
  'Code128',
  'code_128',
  'Code39',
  'Code93',
  'EAN13',
  'ITF',
  'QRCode',
  'DataMatrix',
  'PDF417',
  '',
]

describe('any picture', () => {
  it('what is offered is right and stands in the picture', () => {
    const piece = fc.oneof(imei, digits(15), fc.constantFrom('IMEI', 'S/N', ' ', ':', '/', '12'), fc.string())
    const text = fc.array(piece, { maxLength: 6 }).map((all) => all.join(''))
    const barcode = fc.record({ format: fc.constantFrom(...FORMATS), text })
    const picture = fc.record({
      barcodes: fc.array(barcode, { maxLength: 5 }),
      lines: fc.array(text, { maxLength: 8 }),
    })
    fc.assert(
      fc.property(picture, (seen) => {
        const all = [...seen.barcodes.map((one) => one.text), ...seen.lines]
          .map((one) => one.normalize('NFKC').replace(/[^0-9]/g, ''))
          .join('\n')
        const offered = offeredImeis(seen)
        for (const one of offered) {
          expect(one.imei).toMatch(/^[0-9]{15}$/)
          expect(luhnDigit(one.imei.slice(0, 14))).toBe(one.imei[14])
          expect(all).toContain(one.imei)
        }
        expect(new Set(offered.map((one) => one.imei)).size).toBe(offered.length)
      }),
      { numRuns: runs(2000) },
    )
  })

  it('every IMEI in a linear code of its own is offered, and every one that is labelled in text', () => {
    fc.assert(
      fc.property(fc.uniqueArray(imei, { minLength: 1, maxLength: 4 }), (imeis) => {
        expect(barcodes(...imeis.map((one) => ['Code128', one] as const))).toEqual(imeis)
        expect(lines(...imeis.map((one, at) => `IMEI ${at + 1}: ${formatImei(one)}`))).toEqual(imeis)
      }),
      { numRuns: runs(500) },
    )
  })

  it('one digit misread is never offered', () => {
    fc.assert(
      fc.property(imei, fc.nat(14), fc.integer({ min: 1, max: 9 }), (right, at, by) => {
        const wrong = right.slice(0, at) + String((Number(right[at]) + by) % 10) + right.slice(at + 1)
        expect(lines(`IMEI ${wrong}`)).toEqual([])
        expect(barcodes(['Code128', wrong])).toEqual([])
      }),
      { numRuns: runs(500) },
    )
  })
})

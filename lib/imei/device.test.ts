import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayName, tacMismatch } from './device.ts'

const A54 = ['Samsung Electronics Co Ltd', 'Galaxy A54 5G (SM-A546E/DS)'] as const

const mismatch = (brand: string, model: string, manufacturer: string, knownModel: string) =>
  tacMismatch({ brand, model }, { manufacturer, model: knownModel })

describe('tacMismatch', () => {
  it.each([
    ['Samsung', 'Galaxy A54', ...A54],
    ['SAMSUNG', 'galaxy a54 5g 128GB màu đen', ...A54],
    ['Sam sung', 'A 54', ...A54],
    ['samsung', 'SM-A546', ...A54],
    ['Galaxy', 'A54', ...A54],
    ['Điện thoại Samsung', '', ...A54],
    ['', 'A54', ...A54],
    ['', '', ...A54],
    ['Samsung', 'Galaxy A54', 'Samsung Korea', 'SM-A546E'],
    ['Apple', 'iPhone 13', 'Apple Inc', 'iPhone 13 (A2633)'],
    ['Iphone', '13 Pro Max', 'Apple', 'iPhone 13 Pro Max (A2643)'],
    ['Apple', 'iphone13promax 256 GB', 'Apple', 'iPhone 13 Pro Max (A2643)'],
    ['Apple', 'iPhone 13', 'Apple', 'iPhone 13 Pro Max (A2643)'],
    ['Apple', 'iPhone', 'Apple', 'iPhone 6 (A1586)'],
    ['Redmi', 'Note 3 Pro', 'Xiaomi', 'Redmi Note 3 Pro'],
    ['POCO', 'X3', 'Xiaomi Communications Co Ltd', 'POCO X3 NFC'],
    ['Xiaomi', 'Note 4X', 'Xiaomi', 'Redmi Note 4X'],
    ['OPPO', 'A78', 'Guangdong Oppo Mobile Telecommunications Corp Ltd', 'CPH2483'],
    ['One Plus', '9 Pro', 'OnePlus Technology (Shenzhen) Co Ltd', 'OnePlus 9 Pro'],
    ['Nokia', '3310', 'Nokia Mobile Phones Ltd', 'NHM-5(NX)/3310'],
    ['BlackBerry', 'Bold 9900', 'Research in Motion Ltd', 'Bold 9900'],
    ['Samsung', 'S6 Edge+', 'Samsung', 'Galaxy S6 Edge Plus (SM-G928P/R4 V1)'],
    ['Samsung', 'Galaxy S21', '', ''],
    ['小米', 'Redmi Note 3', '小米', 'Redmi Note 3'],
  ])('does not flag %s %s for %s %s', (...device) => {
    expect(mismatch(...device)).toBe(false)
  })

  it.each([
    ['Apple', 'iPhone 13', ...A54],
    ['iPhone', '', ...A54],
    ['Nokia', '', 'Samsung Electronics Co Ltd', ''],
    ['Samsung', 'Galaxy A14', ...A54],
    ['Samsung', 'SM-A146', ...A54],
    ['Apple', 'iPhone 12', 'Apple', 'iPhone 13 (A2633)'],
    ['Apple', 'iPhone 13 Pro', 'Apple', 'iPhone 13 (A2633)'],
    ['Apple', 'iPhone XS', 'Apple', 'iPhone 11 (A2221)'],
    ['Apple', 'iPhone 11', 'Apple', 'iPhone XS (A1920)'],
    ['Nokia', '3310', 'Nokia Mobile Phones Ltd', '3210'],
    ['Nokia Mobile Phones Ltd', '', 'Motorola Mobile Phones Ltd', ''],
  ])('flags %s %s for %s %s', (...device) => {
    expect(mismatch(...device)).toBe(true)
  })

  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...A54, 'Apple', 'iPhone 13 Pro Max (A2643)', 'Co Ltd', 'C3300C3303', 'S6 Edge+'),
  )

  it('never flags identical text, composed or not', () => {
    fc.assert(
      fc.property(texts, texts, (brand, model) => {
        expect(mismatch(brand, model, brand, model)).toBe(false)
        expect(mismatch(brand.normalize('NFD'), model.normalize('NFD'), brand, model)).toBe(false)
      }),
    )
  })

  it('does not mind case', () => {
    const latin = fc.string({ unit: fc.constantFrom(...'aBkz09 -.+(ắĐỗ') })
    fc.assert(
      fc.property(latin, latin, (brand, model) => {
        expect(mismatch(brand.toUpperCase(), model.toLowerCase(), brand, model)).toBe(false)
      }),
    )
  })

  it('never flags blanks', () => {
    fc.assert(
      fc.property(texts, texts, fc.constantFrom('', ' ', '-'), (manufacturer, model, blank) => {
        expect(mismatch(blank, blank, manufacturer, model)).toBe(false)
      }),
    )
  })
})

describe('displayName', () => {
  it.each([
    ['Samsung Electronics Co Ltd', 'Galaxy A54', 'Samsung Galaxy A54'],
    ['Samsung Electronics Co Ltd', 'Galaxy Note 4 (SM-N910F)', 'Samsung Galaxy Note 4'],
    ['Apple Inc.', 'iPhone 5C (A1529)', 'Apple iPhone 5C'],
    ['Nokia Mobile Phones Ltd', '3310', 'Nokia 3310'],
    ['SAMSUNG', 'SAMSUNG SM-A546E', 'SAMSUNG SM-A546E'],
    ['Sony Ericsson', 'T68i', 'Sony Ericsson T68i'],
    ['Research in Motion Ltd', '9900', 'Research in Motion 9900'],
    ['Xiaomi', 'Redmi Note 4X', 'Xiaomi Redmi Note 4X'],
    ['Mobile Phone Co', 'X1', 'Mobile Phone Co X1'],
    ['Samsung', '(SM-A546E)', 'Samsung (SM-A546E)'],
    ['', 'A54', 'A54'],
    ['Apple', '', 'Apple'],
    ['', '', ''],
  ])('%s, %s is %s', (manufacturer, model, name) => {
    expect(displayName(manufacturer, model)).toBe(name)
  })

  it('keeps the phone: no mismatch with what it was made of', () => {
    const maker = fc.constantFrom(
      'Samsung Electronics Co Ltd',
      'Apple Inc',
      'Xiaomi',
      'Nokia Mobile Phones Ltd',
    )
    const model = fc.constantFrom('Galaxy A54 5G (SM-A546E)', 'iPhone 13 Pro Max (A2643)', '3310', 'Note 4X')
    fc.assert(
      fc.property(maker, model, (manufacturer, known) => {
        const shown = displayName(manufacturer, known)
        expect(mismatch(shown, shown, manufacturer, known)).toBe(false)
      }),
    )
  })
})

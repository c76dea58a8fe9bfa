import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOTHING_OPEN } from '#features/reporting/fields/columns-rules.ts'
import { differingFacts, saidFacts } from './rules.ts'

const file = (changes: object = {}) => ({
  particulars: {
    fullName: 'Nguyễn Thị Ánh Tuyết',
    idKind: 'cccd',
    nationalId: '079196012345',
    contact: { kind: 'email', value: 'a@example.vn' },
    phoneNumbers: ['+84912345678'],
    place: 'Trước số 12 Võ Văn Tần',
    story: '',
    address: '',
    serialNumber: '',
  } as unknown as Parameters<typeof saidFacts>[0]['particulars'],
  imeis: [{ imei: '352987065816623', key14: '35298706581662', isPublic: false }],
  incidentAt: new Date('2026-11-27T01:05:00Z'),
  ...NOTHING_OPEN,
  brand: 'Samsung',
  model: 'Galaxy A54',
  colour: 'đen',
  tacManufacturer: null,
  tacModel: null,
  locale: 'vi',
  ...changes,
})
const said = (changes?: object, area = 'Quận 3') =>
  saidFacts(file(changes), { incidentType: 'snatched' }, area)

test('what people write in another way is no difference; what is another word is', () => {
  const other = said({ brand: 'SAMSUNG', model: ' galaxy  a54', colour: 'Đen'.normalize('NFD') })
  expect(differingFacts([said(), other])).toEqual(new Set())
  expect(differingFacts([said(), said({ colour: 'trắng' }, 'Quận 1')])).toEqual(new Set(['model', 'area']))
})

test('a fact that one side alone gives differs', () => {
  expect(differingFacts([said(), said({ tacManufacturer: 'Samsung' })])).toEqual(new Set(['tac']))
})

test('numbers are the same in any order, and each that another side lacks differs', () => {
  const [a, b, c] = ['35298706581662', '35298706581670', '35298706580000'].map((key14) => ({
    imei: '',
    key14,
    isPublic: false,
  }))
  expect(differingFacts([said({ imeis: [a, b] }), said({ imeis: [b, a] })])).toEqual(new Set())
  expect(differingFacts([said({ imeis: [a, b] }), said({ imeis: [a, c] })])).toEqual(new Set(['imei2']))
  expect(differingFacts([said({ imeis: [a] }), said({ imeis: [b, a] })])).toEqual(new Set(['imei1']))
})

test('sides that say the same never differ, however many, in any order', () => {
  const facts = fc.dictionary(
    fc.constantFrom('name', 'imei1', 'imei2', 'sim1', 'place'),
    fc.string({ minLength: 1 }),
  )
  fc.assert(
    fc.property(facts, fc.integer({ min: 1, max: 5 }), (one, times) => {
      expect(differingFacts(Array.from({ length: times }, () => one)).size).toBe(0)
    }),
  )
  fc.assert(
    fc.property(fc.array(facts, { minLength: 2, maxLength: 4 }), (sides) => {
      expect(differingFacts(sides)).toEqual(differingFacts(sides.toReversed()))
    }),
  )
})

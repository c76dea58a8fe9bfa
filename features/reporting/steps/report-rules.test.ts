import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DraftFields } from '../fields/reader-rules.ts'
import { FIELDS, type FieldName } from '../fields/rules.ts'
import { consentsAsked } from './consents-rules.ts'
import { readIncident } from './incident-rules.ts'
import { readPerson } from './person-rules.ts'
import { describePhone, readPhone } from './phone-rules.ts'
import { firstIncomplete, isSameNumber, readReport, readStep } from './report-rules.ts'
import { ANSWER_STEPS, type AnswerStep } from './rules.ts'

const now = new Date('2026-11-24T09:00:00+07:00')
const context = { areas: ['quan-1', 'quan-3'], now, phones: true }

const COMPLETE: DraftFields = {
  incidentType: 'snatched',
  incidentAt: '2026-11-24T08:30',
  district: 'quan-3',
  place: 'Trước chợ Bàn Cờ',
  imei1: '35 298706 581662 3',
  fullName: 'Nguyễn Thị Lan',
  idKind: 'cccd',
  nationalId: '079199012345',
  contactEmail: 'lan@example.vn',
}

const long = 'ấ'.repeat(100_000)

/** For each step: a wrong answer, its field, and the message key of the fault. */
const WRONG: Readonly<Record<AnswerStep, readonly (readonly [DraftFields, FieldName, string])[]>> = {
  incident: [
    [{ incidentType: '' }, 'incidentType', 'report.incidentType.empty'],
    [{ incidentType: 'murdered' }, 'incidentType', 'report.choice.unknown'],
    [{ incidentAt: '' }, 'incidentWhen', 'report.incidentWhen.empty'],
    [{ incidentWhen: 'other', incidentAt: '' }, 'incidentAt', 'report.incidentAt.empty'],
    [{ incidentWhen: 'today' }, 'incidentTime', 'report.incidentTime.empty'],
    [{ incidentWhen: 'yesterday', incidentTime: '8 rưỡi' }, 'incidentTime', 'report.incidentTime.format'],
    [{ incidentWhen: 'yesterday', incidentTime: '24:30' }, 'incidentTime', 'report.incidentTime.impossible'],
    [{ incidentWhen: 'today', incidentTime: '23:59' }, 'incidentTime', 'report.incidentTime.future'],
    [{ incidentAt: '2026-11-24T09:06' }, 'incidentAt', 'report.incidentAt.future'],
    [{ incidentAt: '2026-02-31T10:00' }, 'incidentAt', 'report.incidentAt.impossible'],
    [{ incidentAt: '2024-11-23T10:00' }, 'incidentAt', 'report.incidentAt.too_old'],
    [{ incidentAt: '=1+1' }, 'incidentAt', 'report.incidentAt.format'],
    [{ district: '' }, 'district', 'report.district.empty'],
    [{ district: 'ha-noi' }, 'district', 'report.choice.unknown'],
    [{ place: long }, 'place', 'report.place.too_long'],
    [{ story: long }, 'story', 'report.story.too_long'],
  ],

  contact: [
    [{ contactEmail: '' }, 'contactPhone', 'report.contactPhone.empty'],
    [{ contactEmail: 'lan@' }, 'contactEmail', 'report.contactEmail.format'],
    [{ contactEmail: 'a@b.vn\r\nBcc: x@y.vn' }, 'contactEmail', 'report.contactEmail.format'],
    [{ contactEmail: 'lan@gmial.com' }, 'contactEmail', 'report.contactEmail.mistyped'],
    [{ contactPhone: '12' }, 'contactPhone', 'report.mobile.length'],
  ],

  phone: [
    [{ imei1: '' }, 'imei1', 'report.imei.empty'],
    [{ imei1: '', imeiUnknown: 'on' }, 'phoneNumber1', 'report.phoneNumber1.empty'],
    [{ imei1: '35298706581662O' }, 'imei1', 'report.imei.letters'],
    [{ imei1: '352987065816' }, 'imei1', 'report.imei.length'],
    [{ imei1: '352987065816624' }, 'imei1', 'report.imei.check_digit'],
    [{ imei1: '111111111111111' }, 'imei1', 'report.imei.repeated'],
    [{ imei1: '000000000000000' }, 'imei1', 'report.imei.zeros'],
    [{ imei1: '00100200123456' }, 'imei1', 'report.imei.test_body'],
    [{ imei3: '35298706581662' }, 'imei3', 'report.imei.duplicate'],
    [{ imei2: long }, 'imei2', 'report.imei.letters'],
    [{ brand: long }, 'brand', 'report.brand.too_long'],
    [{ model: long }, 'model', 'report.model.too_long'],
    [{ colour: long }, 'colour', 'report.colour.too_long'],
    [{ serialNumber: '📱' }, 'serialNumber', 'report.serialNumber.format'],
    [{ phoneNumber1: 'không có' }, 'phoneNumber1', 'report.mobile.letters'],
    [{ phoneNumber1: '0912' }, 'phoneNumber1', 'report.mobile.length'],
    [{ phoneNumber2: '02838291234' }, 'phoneNumber2', 'report.mobile.not_mobile'],
    [{ phoneNumber2: '01234567890' }, 'phoneNumber2', 'report.mobile.old_prefix'],
    [
      { phoneNumber1: '0912345678', phoneNumber2: '+84 912 345 678' },
      'phoneNumber2',
      'report.mobile.duplicate',
    ],
  ],

  person: [
    [{ fullName: '' }, 'fullName', 'report.fullName.empty'],
    [{ fullName: 'Lan 2' }, 'fullName', 'report.fullName.digits'],
    [{ fullName: '=cmd|calc' }, 'fullName', 'report.fullName.symbols'],
    [{ fullName: 'Lan 😀' }, 'fullName', 'report.fullName.symbols'],
    [{ fullName: long }, 'fullName', 'report.fullName.too_long'],
    [{ idKind: '' }, 'idKind', 'report.idKind.empty'],
    [{ idKind: 'library' }, 'idKind', 'report.choice.unknown'],
    [{ nationalId: '' }, 'nationalId', 'report.nationalId.empty'],
    [{ nationalId: '097199012345' }, 'nationalId', 'report.nationalId.province'],
    [{ nationalId: '079999012345' }, 'nationalId', 'report.nationalId.sex_century'],
    [{ nationalId: '07919901234' }, 'nationalId', 'report.nationalId.length'],
    [{ idKind: 'passport', nationalId: 'B!' }, 'nationalId', 'report.passport.letters'],
  ],
}

const CASES = (Object.keys(WRONG) as AnswerStep[]).flatMap((step) =>
  WRONG[step].map(([change, field, fault]) => ({ step, change, field, fault })),
)

test.each(CASES)(
  '$step: $field is refused as $fault, and nothing else is',
  ({ step, change, field, fault }) => {
    expect(readStep(step, { ...COMPLETE, ...change }, context).faults).toEqual({ [field]: fault })
  },
)

test.each(['vi', 'en'])('every refusal has words of its own (%s)', (language) => {
  const file = new URL(`../../../messages/${language}/faults.json`, import.meta.url)
  const words = JSON.parse(readFileSync(file, 'utf8'))
  const faults = [...new Set(CASES.map(({ fault }) => fault))]
  const said = faults.map((fault) => fault.split('.').reduce((at, key) => at?.[key], words))
  expect(said.every((sentence) => typeof sentence === 'string')).toBe(true)
  expect(new Set(said).size).toBe(faults.length)
})

test('what is right of a step is kept beside what is wrong, and reads again as the same', () => {
  const { answers, faults } = readPhone({ imei1: '352987065816623', imei2: '1', brand: ' Samsung ' }, null)
  expect(faults).toEqual({ imei2: 'report.imei.length' })
  expect(answers).toMatchObject({ imei1: '35 298706 581662 3', brand: ' Samsung ' })
  expect(answers).not.toHaveProperty('imei2')

  const first = readReport(COMPLETE, context)
  const again = Object.fromEntries(
    ANSWER_STEPS.flatMap((step) => Object.entries(readStep(step, COMPLETE, context).answers)),
  )
  expect(readReport(again, context)).toEqual(first)
  expect(Object.keys(again).sort()).toEqual(Object.keys(FIELDS).sort())
})

describe('a phone whose IMEI is unknown', () => {
  const unknown = { ...COMPLETE, imei1: '', imeiUnknown: 'on', phoneNumber1: '0912345678' }

  test('is read by the number of its SIM, which is asked for then', () => {
    expect(readPhone(unknown, null)).toMatchObject({
      value: { imeis: [], phoneNumbers: ['+84912345678'] },
      answers: { imeiUnknown: 'on' },
      faults: {},
    })
    expect(readPhone({ ...unknown, phoneNumber1: ' ' }, null).faults).toEqual({
      phoneNumber1: 'report.phoneNumber1.empty',
    })
  })

  test('is known by an IMEI that was typed all the same, and a wrong one can be taken away', () => {
    const typed = readPhone({ ...unknown, imei2: '352987065816623' }, null)
    expect(typed).toMatchObject({ value: { imeis: [{ tac: '35298706' }] }, answers: { imeiUnknown: '' } })
    expect(readPhone({ ...unknown, imei1: '35298706' }, null).faults).toEqual({
      imei1: 'report.imei.typed_though_unknown',
    })
  })

  test('is not asked about on the last page, but beside its number; one whose IMEI is known is', () => {
    const asked = (answers: DraftFields) =>
      consentsAsked(readPhone(answers, null).value).map(({ purpose }) => purpose)
    expect(asked(unknown)).toEqual(['processing', 'carriers', 'declaration'])
    expect(readPhone({ ...unknown, consentCarrierLookup: 'on' }, null).value?.lookup).toBe(true)
    expect(readPhone(unknown, null).value?.lookup).toBe(false)
    expect(readPhone({ ...COMPLETE, consentCarrierLookup: 'on' }, null).value?.lookup).toBe(false)
    expect(asked({ ...COMPLETE, phoneNumber1: '0912345678' })).toContain('sim_question')
    expect(asked(COMPLETE)).toEqual(['processing', 'carriers', 'declaration'])
  })
})

describe('a contact that is the number of the SIM', () => {
  const unknown = {
    ...COMPLETE,
    imei1: '',
    imeiUnknown: 'on',
    contactEmail: '',
    contactPhone: '0912 345 678',
  }
  const confirmed = () => true
  const SPELLINGS = [
    ...['0912345678', '+84912345678', '84912345678', '0912 345 678', '0912.345.678', '091-234-5678'],
    ...['０９１２３４５６７８', '+84 (0)912 345 678', ' 0912\u00a0345\u00a0678 '],
  ]

  test.each(SPELLINGS)('is refused beside the SIM’s field, on its own page (%s)', (phoneNumber1) => {
    const answers = { ...unknown, phoneNumber1 }
    expect(readStep('phone', answers, context).faults).toEqual({ phoneNumber1: 'report.mobile.is_contact' })
    const report = readReport(answers, context, confirmed)
    // The confirmed contact stays, and the step to continue with is the one with the wrong answer.
    expect(report.contact?.contact?.value).toBe('+84912345678')
    expect(firstIncomplete(report, true)).toBe('phone')
    expect(isSameNumber(answers)).toBe(true)
  })

  test('is refused beside the second of two SIMs', () => {
    const answers = { ...unknown, phoneNumber1: '0987654321', phoneNumber2: '84 912 345 678' }
    expect(readStep('phone', answers, context).faults).toEqual({ phoneNumber2: 'report.mobile.is_contact' })
  })

  test('is refused beside the contact where that is new, and each of both pages is open', () => {
    const answers = { ...unknown, phoneNumber1: '0912345678' }
    expect(readStep('contact', answers, context).faults).toEqual({
      contactPhone: 'report.contactPhone.lost_phone',
    })
    expect(firstIncomplete(readReport(answers, context), false)).toBe('contact')
    expect(isSameNumber(answers)).toBe(true)
  })

  test('is taken where the SIM was reissued, whichever page says so', () => {
    const answers = { ...unknown, phoneNumber1: '0912345678', simReissued: 'on' }
    expect(readStep('phone', answers, context).faults).toEqual({})
    expect(readStep('contact', answers, context).faults).toEqual({})
    expect(firstIncomplete(readReport(answers, context, confirmed), true)).toBe('review')
    expect(isSameNumber(answers)).toBe(false)
  })
})

test('a 14-digit IMEI is kept with its check digit', () => {
  expect(readPhone({ imei1: '３５２９８７０６５８１６６２' }, null).answers.imei1).toBe('35 298706 581662 3')
})

test('a name loses marks that nobody sees; a story keeps everything but NUL', () => {
  const person = readPerson({ ...COMPLETE, fullName: 'Nguyê\u0303n\u200b Thi\u0323 \u202eLan' }, now)
  expect(person.value?.fullName).toBe('Nguyễn Thị Lan')
  const story = '=HYPERLINK("x")\u202e😀\0 Ho\u0302m qua'
  expect(readIncident({ ...COMPLETE, story }, context.areas, now).value?.story).toBe(story.replace('\0', ''))
})

describe('a contact on the lost phone', () => {
  const answers: DraftFields = {
    ...COMPLETE,
    phoneNumber1: '0912345678',
    contactEmail: '',
    contactPhone: '+84912345678',
  }
  test('is refused, because the person who has the lost phone reads it', () => {
    expect(readStep('contact', answers, context).faults).toEqual({
      contactPhone: 'report.contactPhone.lost_phone',
    })
  })
  test('is taken when its SIM was reissued', () => {
    const { value } = readStep('contact', { ...answers, simReissued: 'on' }, context)
    expect(value).toMatchObject({ contact: { kind: 'phone', value: '+84912345678' } })
  })
  test('sends a finished report back to the person when the number is added later', () => {
    const other = { ...answers, phoneNumber1: '' }
    expect(firstIncomplete(readReport(other, context), true)).toBe('review')
    expect(firstIncomplete(readReport(answers, context), true)).toBe('contact')
  })
})

test('the first step with something missing comes first, a contact and its code before the phone', () => {
  const without = (field: keyof DraftFields) =>
    firstIncomplete(readReport({ ...COMPLETE, [field]: '' }, context), true)
  expect(without('incidentAt')).toBe('incident')
  expect(without('contactEmail')).toBe('contact')
  expect(without('imei1')).toBe('phone')
  expect(without('fullName')).toBe('person')
  expect(firstIncomplete(readReport(COMPLETE, context), false)).toBe('code')
  expect(firstIncomplete(readReport(COMPLETE, context), true)).toBe('review')
  expect(firstIncomplete(readReport({}, context), false)).toBe('incident')
})

test('make and model come from the TAC table where nothing was typed, and never over what was', () => {
  const known = { manufacturer: 'Samsung Electronics Co Ltd', model: 'Galaxy A5 (SM-A510F)' }
  const blank = { brand: '', model: '' }
  expect(describePhone(blank, known)).toEqual({ brand: 'Samsung', model: known.model, mismatch: false })
  expect(describePhone({ brand: 'Apple', model: '' }, known)).toEqual({
    brand: 'Apple',
    model: '',
    mismatch: true,
  })
  expect(describePhone(blank, null)).toEqual({ ...blank, mismatch: false })
})

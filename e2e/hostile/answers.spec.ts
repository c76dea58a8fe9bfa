import { luhnDigit } from '#lib/imei/imei.ts'
import { catalogue } from '#messages/catalogue.ts'
import { localTime, newImei, newWord } from '../answers.ts'
import { formWith } from '../forms/form.ts'
import { expect, expectWords, Report, STEP, staff, test, visitor } from '../forms/people.ts'
import { type Changes, errorsOn } from '../forms/visitor.ts'

const LONG = 'ạ'.repeat(100_000)
const AT = localTime(72)
const incident = {
  incidentType: 'lost',
  incidentWhen: 'other',
  incidentTime: '',
  incidentAt: AT,
  district: 'quan-3',
  step: 'next',
}

/** Invalid answers, each with the fields that must show an error. The form keeps what was typed. */
const incidents: [string, Changes, string[]][] = [
  [
    'nothing',
    { incidentType: undefined, incidentWhen: undefined, incidentAt: '', district: '' },
    ['incidentType', 'incidentWhen', 'district'],
  ],
  ['the future', { incidentAt: '2099-01-01T10:00' }, ['incidentAt']],
  ['31 February', { incidentAt: '2026-02-31T10:00' }, ['incidentAt']],
  ['half past 24', { incidentAt: '2026-11-20T24:30' }, ['incidentAt']],
  ['the year 999999', { incidentAt: '999999-12-31T23:59' }, ['incidentAt']],
  ['no date', { incidentAt: 'hôm qua' }, ['incidentAt']],
  ['long ago', { incidentAt: '1999-01-01T00:00' }, ['incidentAt']],
  ['a district that is none', { district: '__proto__' }, ['district']],
  ['a kind that is none', { incidentType: 'constructor' }, ['incidentType']],
  ['a day that is none', { incidentWhen: 'constructor', incidentAt: '' }, ['incidentWhen']],
  ['no time', { incidentWhen: 'today', incidentTime: '' }, ['incidentTime']],
  ['half past 24 yesterday', { incidentWhen: 'yesterday', incidentTime: '24:30' }, ['incidentTime']],
  ['blanks that nobody sees', { incidentAt: '\u200b\u2060\u00ad' }, ['incidentAt']],
  ['NUL alone', { incidentAt: '\0\0' }, ['incidentAt']],
  ['100,000 letters', { incidentAt: LONG, district: LONG }, ['incidentAt', 'district']],
  ['what React writes', { incidentAt: '$F1 $@2 $K1 $Q1' }, ['incidentAt']],
  ['markup', { incidentAt: '</textarea><script>alert(1)</script>' }, ['incidentAt']],
  ['right-to-left, emoji, formula, ANSI', { incidentAt: '\u202e=cmd|x👮‍♂️\u001b[31m' }, ['incidentAt']],
  ['decomposed', { incidentAt: 'Đường Lê Lợi'.normalize('NFD') }, ['incidentAt']],
]

const own = newImei()
const wrong = own.slice(0, 14) + ((Number(own[14]) + 1) % 10)
const test00 = `00${'1234567890'}12`
const phone = {
  imei1: own,
  phoneNumber1: '',
  step: 'next',
}
const phones: [string, Changes, string[]][] = [
  ['no IMEI', { imei1: '' }, ['imei1']],
  ['neither IMEI nor number', { imei1: '', imeiUnknown: 'on' }, ['phoneNumber1']],
  ['a wrong check digit', { imei1: wrong }, ['imei1']],
  ['letters', { imei1: '35298706581662O' }, ['imei1']],
  ['13 digits', { imei1: own.slice(0, 13) }, ['imei1']],
  ['one digit over and over', { imei1: '1'.repeat(15) }, ['imei1']],
  ['zeros', { imei1: '0'.repeat(15) }, ['imei1']],
  ['a test number', { imei1: test00 + luhnDigit(test00) }, ['imei1']],
  ['the same phone twice', { imei2: `${own.slice(0, 14)}01` }, ['imei2']],
  ['100,000 letters', { imei1: LONG, imei2: LONG, phoneNumber1: LONG }, ['imei1', 'imei2', 'phoneNumber1']],
  ['a number that is no mobile', { phoneNumber1: '028 3822 0000' }, ['phoneNumber1']],
]

const person = {
  fullName: 'Trần Văn Á',
  idKind: 'cccd',
  nationalId: '079196012345',
  step: 'next',
}
const persons: [string, Changes, string[]][] = [
  ['nothing', { fullName: '', idKind: undefined, nationalId: '' }, ['fullName', 'idKind', 'nationalId']],
  ['a name of digits', { fullName: 'R2D2' }, ['fullName']],
  ['a formula', { fullName: '=1+1' }, ['fullName']],
  ['a province that is none', { nationalId: '099196012345' }, ['nationalId']],
  ['11 digits', { nationalId: '07919601234' }, ['nationalId']],
  ['100,000 letters', { fullName: LONG, nationalId: LONG }, ['fullName', 'nationalId']],
]

const contact = { contactEmail: 'a@example.vn', contactPhone: '', step: 'next' }
const contacts: [string, Changes, string[]][] = [
  ['nothing', { contactEmail: '' }, ['contactPhone']],
  ['a line break in the address', { contactEmail: 'a@example.vn\r\nBcc: b@example.vn' }, ['contactEmail']],
  ['two addresses', { contactEmail: 'a@example.vn,b@example.vn' }, ['contactEmail']],
  ['an address that looks mistyped', { contactEmail: 'a@gmial.com' }, ['contactEmail']],
  ['a number that is no mobile', { contactEmail: '', contactPhone: '028 3822 0000' }, ['contactPhone']],
  ['100,000 letters', { contactEmail: LONG, contactPhone: LONG }, ['contactEmail', 'contactPhone']],
]

async function refuseAll(
  who: ReturnType<typeof visitor>,
  page: Parameters<typeof errorsOn>[0],
  right: Changes,
  cases: [string, Changes, string[]][],
  lang: string,
) {
  for (const [what, changes, fields] of cases) {
    const sent = { ...right, ...changes }
    const answer = await who.submit(page, STEP, sent)
    expectWords(answer)
    expect(answer.body, what).toContain(`<html lang="${lang}"`)
    const errors = errorsOn(answer)
    expect(Object.keys(errors).toSorted(), what).toEqual(fields.toSorted())
    for (const words of Object.values(errors)) expect(words, what).not.toMatch(/^$|faults\.|undefined|\{/)
    const kept = new Map(formWith(answer.body, STEP).fields)
    for (const [name, value] of Object.entries(sent)) {
      // A choice field cannot keep a value that it does not offer.
      if (
        name === 'step' ||
        ['district', 'incidentType', 'incidentWhen', 'idKind'].includes(name) ||
        value === undefined
      )
        continue
      expect(kept.get(name), `${what}: ${name}`).toBe(value)
    }
  }
}

for (const [lang, path, tag] of [
  ['vi', '/bao-mat-may', []],
  ['en', '/en/report', ['@full']],
] as const) {
  test(`wrong answers about what happened are refused beside their fields, in ${lang}`, {
    tag: [...tag],
  }, async () => {
    const who = visitor()
    await refuseAll(who, await who.open(path), incident, incidents, lang)
    expect(who.cookies.size, 'nothing is begun').toBe(0)
  })
}

test('wrong answers about the phone are refused beside their fields', async () => {
  const report = new Report()
  const page = await report.toPhone()
  await refuseAll(report.who, page, phone, phones, 'vi')
})

test('wrong answers about the contact are refused beside their fields', async () => {
  const report = new Report()
  const page = await report.toContact()
  await refuseAll(report.who, page, contact, contacts, 'vi')
})

test('an address that looks mistyped is asked about once: taken as offered, or as it was typed', async () => {
  const name = `lan.${newWord()}`
  const asked = async () => {
    const report = new Report()
    const page = await report.toContact()
    const typed = { ...contact, contactEmail: `${name}@gmial.com` }
    return [report.who, await report.who.submit(page, STEP, typed)] as const
  }
  const [mended, question] = await asked()
  const taken = await mended.submit(question, STEP, { contactEmailMeant: `${name}@gmail.com` })
  expect((await mended.follow(taken)).body).toContain(`${name}@gmail.com`)
  const [insisting, again] = await asked()
  const kept = await insisting.submit(again, STEP, { step: 'next' })
  expect((await insisting.follow(kept)).body).toContain(`${name}@gmial.com`)
})

test('wrong answers about the person are refused beside their fields', async () => {
  const report = new Report()
  const page = await report.toPerson()
  await refuseAll(report.who, page, person, persons, 'vi')
})

test('very long answers are kept however often they are sent again', async () => {
  const report = new Report()
  const long = {
    imei1: LONG,
    imei2: LONG,
    phoneNumber1: LONG,
  }
  const once = await report.who.submit(await report.toPhone(), STEP, { ...long, step: 'next' })
  expectWords(once)
  const twice = await report.who.submit(once, STEP, { step: 'next' })
  expectWords(twice)
  expect(new Map(formWith(twice.body, STEP).fields).get('imei2')).toBe(LONG)
})

test('fields nobody asked for, twice or with names of every object, change nothing', async () => {
  const who = visitor()
  const page = await who.open('/bao-mat-may')
  const odd = Object.fromEntries(
    ['__proto__', 'constructor', 'toString', 'role', 'filedById'].map((name) => [name, 'admin']),
  )
  const refused = await who.submit(page, STEP, { ...incident, ...odd, district: ['quan-3', ''] })
  expectWords(refused)
  expect(Object.keys(errorsOn(refused))).toEqual(['district'])
  expectWords(await who.submit(refused, STEP, { ...incident, district: '' }))
})

test('a NUL in a hidden field is no failure of ours', async () => {
  const relay = await staff('relay')
  const drills = await relay.open('/quan-tri/dien-tap')
  const rating = await visitor().open('/danh-gia/quan-3')
  for (const answer of [
    await relay.submit(drills, 'name="phones"', { carrierId: '\0' }),
    await visitor().submit(rating, 'name="r1"', { agency: '\0' }),
  ]) {
    expectWords(answer)
    expect(answer.body).not.toContain(catalogue.vi.faults.general.failed)
  }
})

test('an unknown button goes on like the ordinary one', async () => {
  const who = visitor()
  const sent = await who.submit(await who.open('/bao-mat-may'), STEP, { ...incident, step: 'fly' })
  expect(sent.headers.get('location')).toBe('/bao-mat-may/lien-lac')
})

test('hidden fields of React’s that were edited are refused in words, and begin nothing', async () => {
  const who = visitor()
  const page = await who.open('/en/report')
  const action = '$ACTION_1:0'
  const { id } = JSON.parse(new Map(formWith(page.body, STEP).fields).get(action) ?? '{}')
  const states = [
    '["$F1"]',
    'null',
    '[{"values":{"story":"$Q1"}}]',
    '[{},1]',
    '[]',
    '{{{',
    '["$B1"]',
    '["$T"]',
  ]
  for (const changes of [
    ...[...states, '['.repeat(1_000_000)].map((state) => ({ '$ACTION_1:1': state })),
    ...['{{{', JSON.stringify({ id, bound: '$@7' })].map((written) => ({ [action]: written })),
    ...['x', '__proto__', `7f${'ab'.repeat(20)}`].map((other) => ({
      [action]: JSON.stringify({ id: other, bound: '$@1' }),
    })),
    { $ACTION_REF_1: undefined },
    { [`$ACTION_ID_${id}`]: '' },
    { '$ACTION_2:1': '[{}]' },
  ]) {
    const answer = await who.submit(page, STEP, { ...incident, district: '', ...changes })
    expect(answer.status, JSON.stringify(changes).slice(0, 80)).toBeLessThan(500)
    const shown = await who.follow(answer)
    expectWords(shown, shown.status)
    expect(who.cookies.size, 'nothing is begun').toBe(0)
  }
})

// Takes half a minute. http/http-answers.test.ts tests the time limit itself.
test('one that waits for what never comes is answered in bounded time', { tag: ['@full'] }, async () => {
  const who = visitor()
  const page = await who.open('/en/report')
  const answer = await who.submit(page, STEP, { ...incident, '$ACTION_1:1': '["$h0"]' })
  expectWords(answer, 503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(who.cookies.size, 'nothing is begun').toBe(0)
})

test('NUL is left out of every field, of the hidden ones too', async () => {
  const who = visitor()
  const answers = {
    ...{ serviceWhen: 'today', r1: '4', r2: 'ontime', r3: '1', r4: '4', r5: '4', r6: 'right' },
    comment: 'Nhanh.\0',
  }
  const page = await who.open('/danh-gia/quan-1')
  const sent = await who.submit(page, 'name="r1"', { ...answers, agency: 'quan-1\0' })
  expect(sent.headers.get('location')).toMatch(/^\/danh-gia\/cam-on\//)
})

import { globSync, readFileSync } from 'node:fs'
import { createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import { parseReceiptNumber } from '#features/ratings/rating/rules.ts'
import { catalogue } from './catalogue.ts'

type Words = { readonly [key: string]: string | Words }

const flat = (words: Words, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  )

const vi = new Map(flat(catalogue.vi as unknown as Words))
const en = new Map(flat(catalogue.en as unknown as Words))

/** Matches the values of a message: its arguments and the tags around its words, but not the words of a choice. */
const SLOT = /(?<!\b(?:wards|both|other) )\{(\w+)[,}]|<(\w+)>/g
const slots = (message: string): string[] => [
  ...new Set([...message.matchAll(SLOT)].map((match) => match[1] ?? match[2] ?? '')),
]

test('both languages have the same messages', () => {
  expect([...en.keys()].toSorted()).toEqual([...vi.keys()].toSorted())
})

// A key without words would be shown as "not valid", for any kind of refusal.
test('each fault that an action, the edge or the schema of a form names has words', () => {
  const named = globSync('{app,http,features,lib}/**/*.{ts,tsx}').flatMap((file) => {
    if (file.includes('.test.')) return []
    const lines = readFileSync(file, 'utf8').split('\n')
    const ofForms = /^http\/[^/]+$|actions\.ts$|\/absence\.ts$/.test(file)
    return lines.flatMap((line) =>
      ofForms || /\bz\.|\.(max|min|int|regex|refine|pipe)\(|\bmessage: '/.test(line)
        ? [...line.matchAll(/'([a-z_]+(?:\.[a-zA-Z0-9_]+)+)'/g)].map(([, key = '']) => key)
        : [],
    )
  })
  const isGroup = (key: string) =>
    [...vi.keys()].some((one) => one.replace(/^faults\./, '').startsWith(`${key}.`))
  const faults = named.filter((key) => (key.split('.')[0] ?? '') in catalogue.vi.faults)
  expect(new Set(faults).size).toBeGreaterThan(100)
  expect([...new Set(faults)].filter((key) => !vi.has(`faults.${key}`) && !isGroup(key))).toEqual([])
})

test('no message is empty', () => {
  for (const [key, message] of [...vi, ...en]) expect(message.trim(), key).not.toBe('')
})

test('the number of the city stands in no message: it is a setting', () => {
  const said = [...vi, ...en].filter(([, message]) => message.includes('1022'))
  expect(said.map(([key]) => key)).toEqual([])
})

test('public figures call areas what they are in every edition', () => {
  const ofAnyEdition = /^(figures\.|common\.site\.surveyDescription$)/
  const said = [...vi, ...en].filter(
    ([key, message]) => ofAnyEdition.test(key) && /quận|district/i.test(message),
  )
  expect(said.map(([key]) => key)).toEqual([])
})

test('a message takes the same arguments and tags in both languages', () => {
  for (const [key, message] of vi)
    expect(slots(en.get(key) ?? '').toSorted(), key).toEqual(slots(message).toSorted())
})

test('the form of a rating calls people what its questions call them', () => {
  // `faults.general` and `common.form` are shown beside every form, including those that call people “bạn”.
  const ofTheForm =
    /^(survey|survey-kiosk|common\.form|faults\.general|faults\.survey(?!\.(verify|reversal)))\./
  const said = [...vi].filter(([key]) => ofTheForm.test(key))
  expect(said.length).toBeGreaterThan(60)
  for (const [key, message] of said) expect(message, key).not.toMatch(/(?<!\p{L})bạn(?!\p{L})/iu)
})

test.each(['place', 'story', 'brand', 'model', 'colour', 'address'])(
  'a report says of %s itself that it is too long',
  (field) => {
    expect(vi.get(`faults.report.${field}.too_long`)).toMatch(/\d/)
  },
)

test.each([
  ['vi', 'mới có một phiên bản', 'có 3 phiên bản'],
  ['en', 'have one version so far', 'have 3 versions'],
] as const)('of one version of the questions no more are promised (%s)', (locale, one, several) => {
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'questions' })
  expect(t('lead', { count: 1 })).toContain(one)
  expect(t('lead', { count: 3 })).toContain(several)
})

test('what is missing is told in public answers, and as no bound: answers may wait at two versions', () => {
  for (const key of ['results.missing', 'results.enough', 'survey-report-paper.missing']) {
    expect(vi.get(key), key).toMatch(/^(?!.*nhiều nhất).*phiếu được công bố/i)
    expect(en.get(key), key).toMatch(/^(?!.*at most).*published answers/i)
  }
})

test('Vietnamese is written in composed letters', () => {
  for (const [key, message] of vi) expect(message, key).toBe(message.normalize('NFC'))
})

test('a tone that may stand on either vowel stands on the first: khóa, hủy, and not the other spelling', () => {
  const onSecond = /o[áàảãạéèẻẽẹ](?!\p{L})|(?<!q)u[ýỳỷỹỵ](?!\p{L})/iu
  expect('đổi khoá, huỷ, toè').toMatch(onSecond)
  for (const [key, message] of vi) expect(message, key).not.toMatch(onSecond)
})

test.each(['vi', 'en'] as const)(
  'every message can be said: nothing of its markup is left (%s)',
  (locale) => {
    const t = createTranslator({
      locale,
      messages: catalogue[locale],
      onError: (error) => {
        throw error
      },
    }) as unknown as { markup(key: string, values: Record<string, unknown>): string }
    for (const [key, message] of locale === 'vi' ? vi : en) {
      const values = Object.fromEntries(
        [...message.matchAll(/\{(\w+)[,}]|<(\w+)>/g)].map(([, argument, tag]) =>
          tag === undefined ? [argument, 3] : [tag, (inside: string) => inside],
        ),
      )
      const said = t.markup(key, values)
      expect(said, key).not.toMatch(/[{}]|<\/?\w+>|undefined|NaN|\[object|^[\w-]+(\.[\w-]+){2,}$/)
    }
  },
)

test('what is sent as plain text has no markup', () => {
  const sent = [...vi.keys()].filter((key) => /^(notices|letter-paper|survey-report-paper)\./.test(key))
  expect(sent.length).toBeGreaterThan(100)
  for (const key of sent)
    for (const words of [vi.get(key), en.get(key)]) expect(words, key).not.toMatch(/<\w+>/)
})

test('the receipt number that a hint gives as an example is a well-formed one', () => {
  for (const words of [vi, en]) {
    const [number = ''] = /DG(?:-[0-9A-Z]{1,4})+/.exec(words.get('survey-integrity.verify.hint') ?? '') ?? []
    expect(parseReceiptNumber(number)).toBe(number)
  }
})

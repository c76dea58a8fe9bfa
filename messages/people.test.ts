import { expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'

const TEN_ANSWERS = { vi: /\b(10|mười) phiếu/i, en: /\b(10|ten) (more )?answers/i } as const

/** The keys of texts that count answers themselves: all answers, and those with words. */
const OF_ANSWERS = ['results.notYetVersionsText', 'results.texts.few']

function texts(part: object, path = ''): [string, string][] {
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : texts(value, `${path}${key}.`),
  )
}

test.each(['vi', 'en'] as const)(
  'what is published is counted in people, not in answers, in %s',
  (locale) => {
    const said = texts(catalogue[locale]).filter(([, text]) => TEN_ANSWERS[locale].test(text))
    expect(said.map(([key]) => key).filter((key) => !OF_ANSWERS.includes(key))).toEqual([])
  },
)

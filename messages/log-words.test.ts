import { createTranslator } from 'use-intl/core'
import { expect, test, vi } from 'vitest'
import { ACTS, SUBJECTS } from '#features/audit/entries/names-rules.ts'
import { catalogue } from './catalogue.ts'
import { logWords } from './log-words.ts'
import type { Locale } from './routing.ts'

vi.mock('next-intl/server', () => ({
  getTranslations: async ({ locale, namespace }: { locale: Locale; namespace: 'audit' }) =>
    createTranslator({ locale, messages: catalogue[locale], namespace }),
}))

test.each(['vi', 'en'] as const)('what the log can name has words, and nothing else has: %s', (locale) => {
  const { 'audit-acts': words, audit } = catalogue[locale]
  const named = Object.entries(words).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  )
  expect(named.toSorted()).toEqual(ACTS.flatMap(({ acts }) => acts).toSorted())
  const nouns = new Set([...ACTS.map(({ noun }) => noun), ...SUBJECTS])
  expect(Object.keys(audit.noun).toSorted()).toEqual([...nouns].toSorted())
})

test.each([
  ['vi', 'Thành: Đang xác minh', 'Yếu tố thứ hai: ứng dụng xác thực', 'Đã mở: nhân thân liên lạc giấy tờ'],
  ['en', 'To: Being verified', 'Second factor: authenticator app', 'Opened: identity contact proof'],
] as const)(
  'details are said in the reader’s language, and what nobody knows keeps its code: %s',
  async (locale, to, factor, opened) => {
    const { fact } = await logWords(locale)
    expect(fact('to', 'under_review')).toBe(to)
    expect(fact('factor', 'totp')).toBe(factor)
    expect(fact('opened', 'identity contact evidence')).toBe(opened)
    // Lines from before the name was "skipped" are still read.
    expect(fact('passed', 3)).toBe(fact('skipped', 3))
    expect(fact('reasonCode', null)).not.toContain('undefined')
    expect(fact('newly_invented', 'some_code')).toBe('newly_invented: some_code')
  },
)

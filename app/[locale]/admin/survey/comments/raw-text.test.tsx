import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { stretches } from '#features/ratings/masking/rules.ts'
import { RawText } from './raw-text.tsx'

vi.mock('next-intl/server', () => ({
  getLocale: async () => 'en',
  getTranslations: async () => (key: string) => key,
}))

test.each([
  ['Chờ quá lâu, gọi tôi số 0903123456 nhé', 'vi'],
  ['The queue was long, call 0903123456', undefined],
])('a comment is marked with its own language on an English page: %s', async (text, lang) => {
  const drawn = renderToStaticMarkup(await RawText({ stretches: stretches(text) }))
  expect(/<p [^>]*lang="(\w+)"/.exec(drawn)?.[1]).toBe(lang)
  // Labels inside it are in the page's language.
  expect(drawn).toContain('<span class="sr-only" lang="en">')
})

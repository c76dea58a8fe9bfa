import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONSENTS } from './consents-rules.ts'

/** The words of each version, by hash: people agreed to exactly these, so they never change under their version. */
const WORDS: Readonly<Record<string, string>> = {
  'consentProcessing 2026-12-02': '8a306cc2b42698ec',
  'consentCarriers 2026-12-02': '4e575a1932986fb6',
  'consentSim 2026-12-02': '8b5fb4814fc00878',
  'consentCarrierLookup 2026-11-30': 'ff1fc9a38b04b77a',
  'declareTrue 2026-12-02': '9540cfff5d0e8077',
}

const review = (language: 'vi' | 'en'): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../../messages/${language}/report.json`, import.meta.url), 'utf8'))
    .review

test.each(CONSENTS)('the words of $field are those of version $version', ({ field, version }) => {
  const title = field === 'declareTrue' ? 'declareTitle' : 'agreeTitle'
  const words = (['vi', 'en'] as const).flatMap((language) => [
    review(language)[field],
    review(language)[`${field}Hint`],
    ...(field === 'consentCarrierLookup' ? [] : [review(language)[title]]),
  ])
  const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16)
  expect(hash).toBe(WORDS[`${field} ${version}`])
})

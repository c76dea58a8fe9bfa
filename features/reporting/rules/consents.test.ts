import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONSENTS } from './consents.ts'

/** The words of each version, by hash: agreed to as they are, so they never change under their version. */
const WORDS: Readonly<Record<string, string>> = {
  'consentProcessing 2026-11-24': 'f21f06f5209f893c',
  'consentCarriers 2026-11-24': 'e35c80872eb035db',
  'consentSim 2026-12-01': 'ed2e2236e39f2d45',
  'consentCarrierLookup 2026-11-30': 'ff1fc9a38b04b77a',
  'declareTrue 2026-11-24': '704155465ec71e15',
}

const review = (language: 'vi' | 'en'): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../../messages/${language}/report.json`, import.meta.url), 'utf8'))
    .review

test.each(CONSENTS)('the words of $field are those of version $version', ({ field, version }) => {
  const words = (['vi', 'en'] as const).flatMap((language) => [
    review(language)[field],
    review(language)[`${field}Hint`],
  ])
  const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16)
  expect(hash).toBe(WORDS[`${field} ${version}`])
})

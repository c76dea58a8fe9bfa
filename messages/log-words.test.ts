import { expect, test } from 'vitest'
import { ACTS, SUBJECTS } from '#domain/audit/acts.ts'
import { catalogue } from './catalogue.ts'

test.each(['vi', 'en'] as const)('what the log can name has words, and nothing else has: %s', (locale) => {
  const { 'audit-acts': words, audit } = catalogue[locale]
  const named = Object.entries(words).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  )
  expect(named.toSorted()).toEqual(ACTS.flatMap(({ acts }) => acts).toSorted())
  const nouns = new Set([...ACTS.map(({ noun }) => noun), ...SUBJECTS])
  expect(Object.keys(audit.noun).toSorted()).toEqual([...nouns].toSorted())
})

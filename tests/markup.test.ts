import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogue } from '#messages/catalogue.ts'
import { markupFaults } from './markup.ts'

type Words = { readonly [key: string]: string | Words }
const flat = (words: Words, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  )
const messages = flat(catalogue.vi as unknown as Words)
const known = new Set(messages.map(([key]) => key))
const tagged = new Set(messages.filter(([, message]) => /<\w+>/.test(message)).map(([key]) => key))

test('a message with markup is never asked for as plain text', () => {
  const paths = globSync('{app,components,features,lib,messages}/**/*.{ts,tsx}')
  expect(paths.length).toBeGreaterThan(500)
  expect(tagged.size).toBeGreaterThan(50)
  const faults = paths.flatMap((path) =>
    markupFaults({ path, text: readFileSync(path, 'utf8') }, tagged, known),
  )
  expect(faults).toEqual([])
})

test.each([
  ["const t = useTranslations('report')\nt('receipt.crimeText')", 1],
  ["const t = createTranslator({ namespace: 'report' })\nt('receipt.crimeText')", 1],
  ["const t = await getTranslations('report.receipt')\nt.rich('crimeText', tags)", 0],
  ["const t = await getTranslations('report.receipt')\nt('crimeLost')", 0],
])('it is found where it is: %s', (text, count) => {
  expect(markupFaults({ path: 'a.ts', text }, tagged, known)).toHaveLength(count)
})

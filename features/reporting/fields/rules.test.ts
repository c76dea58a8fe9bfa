import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Result } from '#lib/result.ts'
import { catalogue } from '#messages/catalogue.ts'
import { readStep } from '../steps/report-rules.ts'
import { ANSWER_STEPS } from '../steps/rules.ts'
import { FIELDS, type FieldName, SEALED_TEXTS, type TextFieldName, textsOf, typedTextsOf } from './rules.ts'

type Fields = typeof FIELDS
type FaultOf<N extends TextFieldName> =
  | (Fields[N]['read'] extends (typed: string) => Result<string, infer Fault extends string> ? Fault : never)
  | (Fields[N]['need'] extends 'required' ? 'empty' : never)

test('every fault of a text has words', () => {
  // A text whose fault has no words does not compile.
  const worded: { readonly [N in TextFieldName]: Readonly<Record<FaultOf<N>, string>> } =
    catalogue.vi.faults.report
  expect(worded.serialNumber.format).not.toBe('')
})

test('the description of the forms names every text', () => {
  const described = readFileSync('docs/interface.md', 'utf8')
  const names = ANSWER_STEPS.flatMap((step) => textsOf(step))
  expect(names.filter((name) => !described.includes(`\`${name}\``))).toEqual([])
})

test('a text is drawn by its form or by the page, read in its step, and kept sealed or not', () => {
  const texts = ANSWER_STEPS.flatMap((step) => {
    const names: readonly FieldName[] = textsOf(step)
    expect(names).toEqual(expect.arrayContaining([...typedTextsOf(step)]))
    const { answers } = readStep(step, {}, { areas: [], now: new Date(), phones: true })
    for (const name of names)
      if (FIELDS[name as TextFieldName].need === 'optional') expect(answers[name]).toBe('')
    return names
  })
  expect(texts).toEqual(expect.arrayContaining([...SEALED_TEXTS]))
  expect(typedTextsOf('phone').slice(0, 3)).toEqual(['brand', 'model', 'colour'])
  expect(SEALED_TEXTS).toEqual(
    expect.arrayContaining(['address', 'fullName', 'place', 'serialNumber', 'story']),
  )
})

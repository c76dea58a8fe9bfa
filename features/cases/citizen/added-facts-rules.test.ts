import { expect, test } from 'vitest'
import { NOTHING_OPEN } from '#features/reporting/fields/columns-rules.ts'
import { NOTHING_WRITTEN, OPTIONAL_TEXTS } from '#features/reporting/fields/rules.ts'
import { sampleOf } from '#tests/factories/fields.ts'
import { must } from '#tests/must.ts'
import { ADDED_FACTS, addFacts, FACT_CARDS, missingFacts } from './added-facts-rules.ts'

const EMPTY = {
  particulars: { ...NOTHING_WRITTEN, idKind: null, nationalId: '', contact: null, phoneNumbers: [] },
  ...NOTHING_OPEN,
}

test('every text that a report may leave blank can be added later, each on one card, first what happened', () => {
  expect(ADDED_FACTS.toSorted()).toEqual([...OPTIONAL_TEXTS, 'phoneNumber1', 'phoneNumber2'].toSorted())
  expect(new Set(ADDED_FACTS).size).toBe(ADDED_FACTS.length)
  expect(FACT_CARDS.incident).toEqual(['story', 'place'])
  expect(missingFacts(EMPTY)).toEqual(ADDED_FACTS)
})

test.each(OPTIONAL_TEXTS)('%s is added where it is blank, and stays where it is stated', (name) => {
  const { particulars, changes } = must(addFacts(EMPTY, { [name]: sampleOf(name) }))
  expect({ ...particulars, ...changes }).toMatchObject({ [name]: sampleOf(name) })
  const stated = { ...EMPTY, ...changes, particulars }
  expect(missingFacts(stated)).not.toContain(name)
  expect(addFacts(stated, { [name]: sampleOf(name, 2) })).toMatchObject({ value: { count: 0 } })
})

import { expect, test } from 'vitest'
import { needsStepUp } from '#features/accounts/factors/rules.ts'
import { CASE_DECISIONS, moveOf } from '../decisions/rules.ts'
import { restsOnProof } from '../proof/rules.ts'
import { readSearch } from '../queue/search-rules.ts'
import { groupByDay, searchedBy } from './rules.ts'

const at = (time: string) => new Date(`2026-11-${time}:00+07:00`)

test('an office that opens again on a day for one reason is one line, with how often and when last', () => {
  const quan3 = { unitId: 'quan-3', reason: 'ownership' } as const
  expect(
    groupByDay([
      { ...quan3, at: at('24T14:00') },
      { ...quan3, at: at('24T09:00') },
      { unitId: null, reason: 'appeal', at: at('24T08:00') },
      // Another day in Vietnam, but the same in UTC.
      { ...quan3, at: at('23T23:59') },
    ]),
  ).toEqual([
    { ...quan3, at: at('24T14:00'), count: 2 },
    { unitId: null, reason: 'appeal', at: at('24T08:00'), count: 1 },
    { ...quan3, at: at('23T23:59'), count: 1 },
  ])
})

test.each([
  ['HCM-2345-6789-A', []],
  ['356789100000019', ['imei', 'serial']],
  ['0912 345 678', ['phone', 'serial']],
  ['a@b.vn', ['email']],
  ['Ánh Đào', ['name']],
])('what a search goes by is known by its kind: %s', (text, kinds) => {
  expect(searchedBy(readSearch(text, at('24T08:00')))).toEqual(expect.arrayContaining(kinds))
})

test('each decision that blocks, unblocks or settles a claim rests on the proofs, for the second person as for the first', () => {
  // Decisions that set or drop a number depend on the papers too, but alone block nothing.
  const settling = CASE_DECISIONS.filter((one) => !['release_imeis', 'set_imei', 'drop_imei'].includes(one))
  // The end of a watch leads to the block that two people have approved already.
  const asked = CASE_DECISIONS.filter((one) => needsStepUp(one) && one !== 'stop_watch')
  expect(settling.filter((one) => restsOnProof(moveOf(one)))).toEqual(asked)
})

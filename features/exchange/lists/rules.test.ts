import { expect, test } from 'vitest'
import { filesSchema } from './rules.ts'

test('files are asked by a sequence, and by what their deltas begin from', () => {
  expect(filesSchema.parse({ seq: '12' })).toEqual({ seq: 12, since: 0 })
  expect(filesSchema.parse({ seq: '12', since: '12', digits: '14' })).toEqual({
    seq: 12,
    since: 12,
    digits: 14,
  })
})

test.each([
  [{ seq: '-1' }, 'seq'],
  [{ seq: 'now' }, 'seq'],
  [{ seq: '1e3' }, 'seq'],
  [{ seq: '9'.repeat(16) }, 'seq'],
  [{ seq: '3', since: '4' }, 'since'],
  [{ seq: '3', since: '' }, 'since'],
  [{ seq: '3', digits: '16' }, 'digits'],
])('%o is refused by its name', (asked, name) => {
  expect(filesSchema.safeParse(asked).error?.issues.map(({ path }) => path[0])).toEqual([name])
})

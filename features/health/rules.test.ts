import { expect, test } from 'vitest'
import { diskSpaceFault } from './rules.ts'

const GB = 1024 ** 3

test.each([
  ['half of a disk', 10 * GB, 20 * GB, null],
  ['a hundredth of a large one, which is much', 20 * GB, 2_000 * GB, null],
  ['a small disk that is half empty', GB / 4, GB / 2, null],
  ['a small one that is nearly full', GB / 100, GB / 2, 'room for files: 10 MB are left of 512 MB'],
  ['little of a large one', GB / 2, 200 * GB, 'room for files: 512 MB are left of 204800 MB'],
  ['nothing', 0, 20 * GB, 'room for files: 0 MB are left'],
])('%s', (_, free, size, said) => {
  if (said === null) expect(diskSpaceFault({ free, size })).toBeNull()
  else expect(diskSpaceFault({ free, size })).toContain(said)
})

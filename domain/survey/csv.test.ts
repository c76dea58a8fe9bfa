import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('cells are quoted where they must be, and nothing is a formula', () => {
  expect(csvLine(['Quận 3', 'a,b', 'say "x"', null, 0.25, true])).toBe(
    'Quận 3,"a,b","say ""x""",,0.25,true\r\n',
  )
  expect(csvLine(['=1+1', '+84', '-1', '@x', -1])).toBe("'=1+1,'+84,'-1,'@x,-1\r\n")
})

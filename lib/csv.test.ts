import { expect, test } from 'vitest'
import { csvLine, withoutFormulas } from './csv.ts'

test('cells are quoted where they must be, and nothing is a formula', () => {
  expect(csvLine(['Quận 3', 'a,b', 'say "x"', null, 0.25, true])).toBe(
    'Quận 3,"a,b","say ""x""",,0.25,true\r\n',
  )
  expect(csvLine(['=1+1', '+84', '-1', '@x', -1])).toBe("'=1+1,'+84,'-1,'@x,-1\r\n")
  expect(csvLine(['\t=1', '\r=1', '\n=1', '＝1', '＠x'])).toBe(`'\t=1,"'\r=1","'\n=1",'＝1,'＠x\r\n`)
})

test('lines that the database made are made safe too, and left as they are otherwise', () => {
  expect(withoutFormulas('=1,a-b,-2,@x\r\n+3,,\r\n')).toBe("'=1,a-b,'-2,'@x\r\n'+3,,\r\n")
  expect(withoutFormulas('quan-3,2026-11,2026-10,t,5,a|b,\r\n')).toBe('quan-3,2026-11,2026-10,t,5,a|b,\r\n')
})

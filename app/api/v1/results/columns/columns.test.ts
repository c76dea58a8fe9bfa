import { expect, test } from 'vitest'
import { CITY_COLUMNS, MONTH_COLUMNS } from '../figures.ts'
import { QUESTION_COLUMNS } from '../questions.ts'
import { ANSWER_COLUMNS, INVITED_COLUMNS, KIOSK_COLUMNS, PART_COLUMNS, VOLUME_COLUMNS } from '../schemas.ts'
import { COLUMNS, columnsCsv, columnsJson } from './columns.ts'

test('the dictionary has every column of every table and no other, in JSON and CSV', () => {
  const used = new Set([
    ...ANSWER_COLUMNS,
    ...INVITED_COLUMNS,
    ...KIOSK_COLUMNS,
    ...CITY_COLUMNS,
    ...MONTH_COLUMNS,
    ...QUESTION_COLUMNS,
    ...PART_COLUMNS,
    ...VOLUME_COLUMNS,
  ])
  expect(Object.keys(COLUMNS).sort()).toEqual([...used].sort())
  const { columns } = columnsJson()
  expect(columns.find(({ column }) => column === 'outside')?.tables).toEqual(['months', '{agency}/months'])
  for (const { meaning, values } of columns)
    for (const words of [meaning.vi, meaning.en, values.vi, values.en]) expect(words).not.toBe('')
  expect(columnsCsv().trimEnd().split('\r\n')).toHaveLength(columns.length + 1)
})

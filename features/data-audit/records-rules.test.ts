import { expect, test } from 'vitest'
import { noteRecordFunction, recordOfFunction } from './records-rules.ts'

test('the database’s functions are written from the one list of what a record holds', async () => {
  await expect(recordOfFunction()).toMatchFileSnapshot('../../prisma/functions/record_of.sql')
  await expect(noteRecordFunction()).toMatchFileSnapshot('../../prisma/functions/note_record.sql')
})

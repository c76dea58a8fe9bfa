import { expect, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { publicStamp } from './public-stamp.ts'

const carrier = () => db.carrier.findFirstOrThrow({ orderBy: { id: 'asc' } })

test('the stamp is another one once a change to what is public is seen, and not before', async () => {
  const before = await publicStamp()
  expect(await publicStamp()).toBe(before)
  await superuser.query('BEGIN')
  await superuser.query(`UPDATE agencies SET id = id WHERE id = 'quan-3'`)
  expect(await publicStamp()).toBe(before)
  await superuser.query('COMMIT')
  const after = await publicStamp()
  expect(after).not.toBe(before)
  await superuser.query('BEGIN')
  await superuser.query(`UPDATE questionnaires SET version = version`)
  await superuser.query('ROLLBACK')
  expect(await publicStamp()).toBe(after)
})

test('two connections that change what is public wait for each other no more than by what they change', async () => {
  await superuser.query('BEGIN')
  await superuser.query(`UPDATE agencies SET id = id WHERE id = 'quan-3'`)
  const { id } = await carrier()
  const before = await publicStamp()
  // On another connection, before the first has ended.
  await db.carrier.update({ where: { id }, data: { id } })
  const between = await publicStamp()
  expect(between).not.toBe(before)
  await superuser.query('COMMIT')
  expect(await publicStamp()).not.toBe(between)
})

test('what is not public changes nothing', async () => {
  const before = await publicStamp()
  await superuser.query('UPDATE survey_tallies SET waiting = waiting')
  await superuser.query('UPDATE installation SET joined_at = joined_at')
  // A new line in the carrier's book, and the carrier's acknowledgement.
  const { id } = await carrier()
  const data = { bookHead: { increment: 1 }, blocklistSize: { increment: 1 }, ackedSeq: { increment: 1 } }
  await db.carrier.update({ where: { id }, data })
  // Single submissions: an answer excluded by a rule, a suggestion without an answer.
  await superuser.query('UPDATE survey_exclusion_totals SET excluded = excluded')
  await superuser.query('UPDATE survey_exclusions SET count = count')
  await superuser.query(`INSERT INTO survey_suggestions (id, questionnaire_version, received_month, text)
    VALUES (gen_random_uuid(), 1, '2026-11-01', 'Góp ý')`)
  expect(await publicStamp()).toBe(before)
})

test.each([
  'UPDATE carriers SET name = name',
  'UPDATE survey_exclusions SET reversed_at = reversed_at',
  'UPDATE survey_suggestions SET answer_vi = answer_vi',
  'UPDATE survey_cells SET respondents = respondents',
])('a statement that may change what is public is counted: %s', async (statement) => {
  const before = await publicStamp()
  await superuser.query(statement)
  expect(await publicStamp()).not.toBe(before)
})

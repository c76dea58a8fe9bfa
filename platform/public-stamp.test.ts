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
  // On another connection, while the first has not ended.
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
  expect(await publicStamp()).toBe(before)
})

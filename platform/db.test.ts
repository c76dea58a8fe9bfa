import { expect, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { ScopedPool } from './connection-pool.ts'
import { db, PLANNED_ANEW, rawQuery, sql, transaction, uniqueViolation } from './db.ts'
import { combineAsCte, deferStatement } from './deferred-writes.ts'

/**
 * Returns a barrier that opens after `parties` transactions have reached it, for those and later ones. Each then holds its
 * first lock.
 */
function meeting(parties: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let came = 0
  return () => {
    if (++came === parties) resolve()
    return promise
  }
}

test('a transaction that the database undoes for a deadlock is run again', async () => {
  let runs = 0
  const both = meeting(2)
  const swap = (first: string, second: string) =>
    transaction(async (tx) => {
      runs++
      await tx.policeArea.update({ where: { id: first }, data: { ordinal: { increment: 100 } } })
      await both()
      await tx.policeArea.update({ where: { id: second }, data: { ordinal: { increment: 100 } } })
    })
  const before = await db.policeArea.findUniqueOrThrow({ where: { id: 'quan-1' } })
  await Promise.all([swap('quan-1', 'quan-3'), swap('quan-3', 'quan-1')])
  const after = await db.policeArea.findUniqueOrThrow({ where: { id: 'quan-1' } })
  expect(runs).toBeGreaterThan(2) // 4 if the database aborts both at once
  expect(after.ordinal).toBe(before.ordinal + 200)
})

test('a deadlock in raw SQL is run again too', async () => {
  let runs = 0
  const both = meeting(2)
  const lock = (first: string, second: string) =>
    transaction(async (tx) => {
      runs++
      await tx.$executeRaw`UPDATE police_areas SET ordinal = 0 WHERE id = ${first}`
      await both()
      await tx.$executeRaw`UPDATE police_areas SET ordinal = 0 WHERE id = ${second}`
    })
  await Promise.all([lock('quan-1', 'quan-3'), lock('quan-3', 'quan-1')])
  expect(runs).toBeGreaterThan(2) // 4 if the database aborts both at once
})

test('a deadlock in what a transaction adds is run again too', async () => {
  let runs = 0
  const both = meeting(2)
  const lock = (first: string, second: string) =>
    transaction(async (tx) => {
      runs++
      await tx.$executeRaw`UPDATE police_areas SET ordinal = 0 WHERE id = ${first}`
      await deferStatement(tx, sql`UPDATE police_areas SET ordinal = 0 WHERE id = ${second}`)
      await both()
    })
  await Promise.all([lock('quan-1', 'quan-3'), lock('quan-3', 'quan-1')])
  expect(runs).toBeGreaterThan(2) // 4 if the database aborts both at once
})

test('an error of our own is not retried and leaves nothing', async () => {
  let runs = 0
  const failing = transaction(async (tx) => {
    runs++
    await tx.holiday.create({ data: { date: new Date('1990-01-01'), name: 'x' } })
    throw new Error('refused')
  })
  await expect(failing).rejects.toThrow('refused')
  expect(runs).toBe(1)
  expect(await db.holiday.count({ where: { name: 'x' } })).toBe(0)
})

test('a unique violation names what it ran into', async () => {
  const error = await db.policeArea
    .create({
      data: { id: 'quan-1', editionId: '2016', unitId: 'quan-1', ordinal: 1, nameVi: 'x', nameEn: 'x' },
    })
    .catch((caught: unknown) => caught)
  expect(uniqueViolation(error)).toBe('police_areas_pkey')
  expect(uniqueViolation(new Error('other'))).toBeNull()
})

test('the application can add to the audit log and neither change nor empty it', async () => {
  const entry = {
    at: new Date(),
    actorKind: 'system' as const,
    act: 'a',
    subjectKind: 's',
    subjectId: '1',
    facts: {},
  }
  const { id } = await db.auditEntry.create({ data: entry })
  await expect(db.auditEntry.update({ where: { id }, data: { act: 'b' } })).rejects.toThrow(/denied/)
  await expect(db.auditEntry.deleteMany()).rejects.toThrow(/denied/)
  await expect(db.$executeRaw`TRUNCATE audit_entries`).rejects.toThrow(/denied/)
  expect((await superuser.query('SELECT act FROM audit_entries')).rows).toEqual([{ act: 'a' }])
})

test('each test starts from the seeded state', async () => {
  expect(await db.auditEntry.count()).toBe(0)
  expect(await db.policeArea.count({ where: { edition: { inForce: true } } })).toBe(24)
  expect(await db.policeArea.count({ where: { editionId: '2016', ordinal: { gt: 24 } } })).toBe(0)
  expect(await db.carrier.count({ where: { bookHead: 0 } })).toBe(5)
})

test('rows that are read straight are those of their transaction, and are undone with it', async () => {
  const rename = sql`UPDATE police_areas SET ordinal = 777 WHERE id = ${'quan-1'} RETURNING ordinal, ${'{"a":[1]}'}::jsonb AS json`
  const read = sql`SELECT ordinal FROM police_areas WHERE id = ${'quan-1'}`
  const failing = transaction(async (tx) => {
    expect(await rawQuery(tx, rename)).toEqual([{ ordinal: 777, json: { a: [1] } }])
    expect(await rawQuery(tx, read)).toEqual([{ ordinal: 777 }])
    expect(await tx.policeArea.count({ where: { ordinal: 777 } })).toBe(1)
    throw new Error('undo')
  })
  await expect(failing).rejects.toThrow('undo')
  expect(await db.policeArea.count({ where: { ordinal: 777 } })).toBe(0)
  expect(await rawQuery(db, read)).not.toEqual([{ ordinal: 777 }])
})

test('statements that are combined answer as the last of them', async () => {
  const set = (id: string) => sql`UPDATE police_areas SET ordinal = 778 WHERE id = ${id} RETURNING id`
  const rows = await transaction((tx) => rawQuery(tx, combineAsCte([set('quan-1'), set('quan-3')])))
  expect(rows).toEqual([{ id: 'quan-3' }])
  expect(await db.policeArea.count({ where: { ordinal: 778 } })).toBe(2)
})

test('who finds no free connection is told that there is no room, and the next one has it again', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const holders = Array.from({ length: 10 }, () =>
    transaction(async (tx) => {
      await tx.policeArea.count()
      await held
    }),
  )
  // A single statement, and a transaction.
  const refused = await Promise.allSettled([
    db.policeArea.count(),
    transaction((tx) => tx.policeArea.count()),
  ])
  release()
  await Promise.all(holders)
  for (const one of refused)
    expect(one).toMatchObject({ status: 'rejected', reason: { name: 'Overloaded', retryAfterSeconds: 5 } })
  expect(await db.policeArea.count()).toBeGreaterThan(0)
})

test.each([
  ['by itself', () => db.$queryRaw`SELECT pg_sleep(20)`],
  ['in a transaction', () => transaction((tx) => tx.$queryRaw`SELECT pg_sleep(20)`)],
])('a statement %s whose connection is lost fails as one that found none', async (_, ask) => {
  const asked = expect(ask()).rejects.toMatchObject({ name: 'Overloaded' })
  const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()`
  await expect.poll(async () => (await superuser.query(kill)).rowCount).toBe(1)
  await asked
})

test('each statement on a connection that was lost finds no room, the first and those after it', async () => {
  const pool = new ScopedPool({ connectionString: process.env.DATABASE_URL, max: 1 })
  const held = await pool.connect()
  const { rows } = await held.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  await superuser.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  for (let nth = 0; nth < 3; nth++)
    await expect(held.query('SELECT 1')).rejects.toMatchObject({ name: 'Overloaded' })
  held.release(true)
  await pool.end()
})

test('a statement keeps its plan once it has one, unless it asks to be planned for its values', async () => {
  await transaction(async (tx) => {
    // PostgreSQL chooses its plan after five executions.
    for (let ordinal = 0; ordinal < 8; ordinal++) {
      await tx.$queryRaw`SELECT 'kept' FROM police_areas WHERE ordinal = ${ordinal}`
      await tx.$queryRaw`${PLANNED_ANEW} SELECT 'anew' FROM police_areas WHERE ordinal = ${ordinal}`
    }
    const prepared = await rawQuery<{ statement: string; kept: boolean }>(
      tx,
      sql`SELECT statement, generic_plans > 0 AS kept FROM pg_prepared_statements
        WHERE statement LIKE ${"%SELECT 'kept'%"} OR statement LIKE ${"%SELECT 'anew'%"}`,
    )
    expect(prepared).toEqual([{ statement: expect.stringMatching(/^SELECT 'kept'/), kept: true }])
  })
})

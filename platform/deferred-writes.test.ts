import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { Prisma } from '#generated/prisma/client.ts'
import { ScopedPool, TransactionConnection } from './connection-pool.ts'
import { db, type Tx, transaction, uniqueViolation } from './db.ts'
import { deferInsert, deferStatement } from './deferred-writes.ts'

const at = new Date('2026-11-24T10:00:00.123Z')
const enter = (tx: Tx, subjectId: string, facts: object = {}) =>
  deferInsert(tx, 'audit_entries', [
    { at, actorKind: 'system', act: 'test.add', subjectKind: 'case', subjectId, requestId: null, facts },
  ])
const written = (subjectId: string) =>
  db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } })

describe('additions', () => {
  it('stand in the database once their transaction has ended, as they were given and in their order', async () => {
    const subject = randomUUID()
    const facts = { quote: `'; DROP TABLE cases; --`, none: null, n: 3 }
    await transaction(async (tx) => {
      await enter(tx, subject, facts)
      await enter(tx, subject, { second: true })
      expect(await tx.auditEntry.count({ where: { subjectId: subject } })).toBe(0)
    })
    const rows = await written(subject)
    expect(rows.map((row) => row.facts)).toEqual([facts, { second: true }])
    expect(rows[0]).toMatchObject({ at, actorKind: 'system', requestId: null })
  })

  it('go with a transaction that fails', async () => {
    const subject = randomUUID()
    const failing = transaction(async (tx) => {
      await enter(tx, subject)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await written(subject)).toEqual([])
  })

  it('fail their transaction whole when the database refuses one of them', async () => {
    const subject = randomUUID()
    const year = 2019
    const addKey = (tx: Tx) => deferInsert(tx, 'survey_dossier_keys', [{ year, key: Buffer.from('key') }])
    await transaction(addKey)
    const again = transaction(async (tx) => {
      await enter(tx, subject)
      await addKey(tx)
    })
    expect(await again.catch(uniqueViolation)).not.toBeNull()
    expect(await written(subject)).toEqual([])
  })

  it('differ in what they leave to the column', async () => {
    const subject = randomUUID()
    await transaction(async (tx) => {
      await enter(tx, subject)
      const row = { at, actorKind: 'staff', actorId: 'someone', act: 'test.add', facts: {} }
      await deferInsert(tx, 'audit_entries', [{ ...row, subjectKind: 'case', subjectId: subject }])
    })
    expect((await written(subject)).map((row) => row.actorId)).toEqual([null, 'someone'])
  })

  it('are written at once where there is no transaction', async () => {
    const subject = randomUUID()
    await enter(db, subject)
    expect(await written(subject)).toHaveLength(1)
  })

  it('take SQL as it is, among the rows and beside them', async () => {
    const id = 'additions-test'
    await deferInsert(db, 'agencies', [{ id, ordinal: Prisma.sql`40 + 2` }])
    expect(await db.agency.findUniqueOrThrow({ where: { id } })).toMatchObject({ ordinal: 42 })
    await transaction(async (tx) => {
      await enter(tx, id)
      await deferStatement(tx, Prisma.sql`DELETE FROM agencies WHERE id = ${id}`)
    })
    expect(await db.agency.count({ where: { id } })).toBe(0)
    expect(await written(id)).toHaveLength(1)
  })

  it('keep a day in any time zone of the machine', async () => {
    vi.stubEnv('TZ', 'America/Los_Angeles')
    const date = new Date('1991-02-03')
    try {
      await transaction((tx) => deferInsert(tx, 'holidays', [{ date, name: 'additions' }]))
      expect(await db.holiday.findMany({ where: { name: 'additions' } })).toMatchObject([
        { date, name: 'additions' },
      ])
    } finally {
      vi.unstubAllEnvs()
      await db.holiday.deleteMany({ where: { name: 'additions' } })
    }
  })

  it('never reach a connection that has gone back to others', async () => {
    const pool = new ScopedPool({ connectionString: process.env.DATABASE_URL, max: 1 })
    await TransactionConnection.run(async (holder) => {
      const own = await pool.connect()
      expect((await holder.query({ text: 'SELECT 1 AS one' })).rows).toEqual([{ one: 1 }])
      own.release()
      const somebodys = await pool.connect()
      expect(() => holder.query({ text: 'SELECT 1' })).toThrow('has ended')
      somebodys.release()
    })
    await pool.end()
  })
})

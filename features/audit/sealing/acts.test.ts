import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { audit } from '../entries/acts.ts'
import { sealLog } from './acts.ts'
import { hasSealingFailed } from './data.ts'
import { readCheckpointFile } from './rules.ts'

const directory = join(process.env.DATA_DIR ?? '', 'checkpoints')
const checkpoints = () =>
  readdirSync(directory)
    .filter((name) => readCheckpointFile(name) !== null)
    .map((name) => Number.parseInt(name, 10))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const act = (subject: string, at = new Date()) =>
  transaction((tx) =>
    audit(tx, { actor: { kind: 'system' }, act: 'case.note', subject: { kind: 'case', id: subject }, at }),
  )
const sealedSubjects = async () => {
  const { rows } = await superuser.query(
    'SELECT subject_id FROM audit_leaves JOIN audit_entries ON id = entry_id ORDER BY "index"',
  )
  return rows.map((row) => row.subject_id)
}
const everyOlderTransactionIsOver = async () => {
  const { rows } = await superuser.query(
    `SELECT max(snapshot_xmax) <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS over FROM audit_heads`,
  )
  return rows[0]?.over
}
const INSERT = `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts)
  VALUES (now(), 'system', 'case.note', 'case', 'late', '{}')`

test('what is new is sealed, by batches too; what is not changes nothing', async () => {
  for (const subject of ['a', 'b', 'c', 'd', 'e']) await act(subject)
  expect(await sealLog(2)).toBe(5)
  expect(await sealedSubjects()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(checkpoints()).toEqual([2, 4, 5])
  expect(await sealLog()).toBe(0)
  expect(checkpoints()).toEqual([2, 4, 5])
  expect(await db.auditHead.count()).toBe(3)
})

test('an entry that is committed after later ones is sealed after them, however long it takes', async () => {
  const late = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await late.connect()
  await late.query('BEGIN')
  await late.query(INSERT)
  await act('a')
  expect(await sealLog()).toBe(1)
  // Every head is old by now; the transaction with the earlier id is still running.
  await superuser.query("UPDATE audit_heads SET sealed_at = now() - interval '1 hour'")
  await act('b')
  expect(await sealLog()).toBe(1)
  await late.query('COMMIT')
  await late.end()
  expect(await sealLog()).toBe(1)
  expect(await sealedSubjects()).toEqual(['a', 'b', 'late'])
})

test('what is settled is not looked at again', async () => {
  await act('a')
  await sealLog()
  await superuser.query("UPDATE audit_heads SET sealed_at = now() - interval '1 hour'")
  // A snapshot includes the transactions of every database on the server, so those of other tests must have ended too.
  await expect.poll(everyOlderTransactionIsOver, { timeout: 30_000 }).toBe(true)
  await act('b')
  await sealLog()
  const [first, second] = await db.auditHead.findMany({ orderBy: { size: 'asc' } })
  expect(second?.settledId).toBe(first?.highId)
})

test('many at once seal each entry once', async () => {
  for (let n = 0; n < 30; n++) await act(`n${n}`)
  await Promise.all([sealLog(7), sealLog(7), sealLog(7), sealLog(7)])
  expect(await sealedSubjects()).toHaveLength(30)
  expect((await db.auditHead.findFirstOrThrow({ orderBy: { size: 'desc' } })).size).toBe(30n)
  expect(checkpoints().length).toBe(await db.auditHead.count())
})

test('where no checkpoint can be written nothing counts as sealed, and the next sealing makes up for it', async () => {
  await act('a')
  writeFileSync(directory, 'no folder')
  await expect(sealLog()).rejects.toThrow()
  expect(await db.auditHead.count()).toBe(0)
  rmSync(directory)
  await act('b')
  expect(await sealLog()).toBe(2)
  expect(checkpoints()).toEqual([2])
  expect(await db.auditHead.count()).toBe(1)
})

test('a checkpoint, or its row, is made up for where the sealing process ended before it wrote it', async () => {
  await act('a')
  await sealLog()
  await superuser.query('DELETE FROM audit_heads')
  rmSync(directory, { recursive: true })
  await act('b')
  expect(await sealLog(), 'leaves alone').toBe(1)
  expect(checkpoints()).toEqual([1, 2])
  await superuser.query('DELETE FROM audit_heads WHERE size = 2')
  await act('c')
  expect(await sealLog(), 'a file without its row').toBe(1)
  expect(checkpoints()).toEqual([1, 2, 3])
  expect(await db.auditHead.count()).toBe(3)
})

test('a checkpoint is never written over another', async () => {
  await act('a')
  await sealLog()
  await superuser.query('DELETE FROM audit_leaves; DELETE FROM audit_heads')
  await act('b')
  await superuser.query("DELETE FROM audit_entries WHERE subject_id = 'a'")
  await expect(sealLog()).rejects.toThrow('was published, but the database has only 0')
})

test('sealing fails once an entry has waited for a quarter of an hour, and not before', async () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  expect(await hasSealingFailed()).toBe(false)
  await act('a', minutesAgo(14))
  expect(await hasSealingFailed()).toBe(false)
  await act('b', minutesAgo(16))
  await act('c', minutesAgo(16))
  expect(await sealLog()).toBe(3)
  expect(await hasSealingFailed()).toBe(false)
  await act('d', minutesAgo(16))
  expect(await hasSealingFailed()).toBe(true)
  writeFileSync(join(directory, '0000000000000004.checkpoint'), 'in the way')
  await expect(sealLog()).rejects.toThrow()
  expect(await hasSealingFailed()).toBe(true)
})

test('an entry whose transaction ended after its head was signed is missed once that head is old', async () => {
  await act('late', new Date(Date.now() - 16 * 60_000))
  const { rows } = await superuser.query(
    'DELETE FROM audit_entries RETURNING to_jsonb(audit_entries) AS late',
  )
  await act('a')
  await sealLog()
  await superuser.query(
    `INSERT INTO audit_entries OVERRIDING SYSTEM VALUE
     SELECT * FROM jsonb_populate_record(NULL::audit_entries, $1::jsonb)`,
    [rows[0].late],
  )
  expect(await hasSealingFailed()).toBe(false)
  await superuser.query("UPDATE audit_heads SET sealed_at = sealed_at - interval '16 minutes'")
  expect(await hasSealingFailed()).toBe(true)
  expect(await sealLog()).toBe(1)
  expect(await hasSealingFailed()).toBe(false)
})

test('a release that does not know the version of an entry cannot seal it in a form of its own', async () => {
  await act('a')
  const { id } = await db.auditEntry.findFirstOrThrow()
  const seal = (columns: string, values: string) =>
    superuser.query(
      `INSERT INTO audit_leaves ("index", entry_id, hash${columns}) VALUES (0, ${id}, '\\x00'${values})`,
    )
  await expect(seal('', '')).rejects.toThrow('this release does not know it')
  await expect(seal(', entry_v', ', 2')).rejects.toThrow('this release does not know it')
  expect(await sealLog()).toBe(1)
  expect(await db.auditLeaf.findFirst()).toMatchObject({ entryV: 3 })
})

test('the application can add to the tree and neither change nor empty it', async () => {
  for (const table of ['audit_leaves', 'audit_nodes', 'audit_heads']) {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
    await client.connect()
    await expect(client.query(`DELETE FROM ${table}`)).rejects.toThrow('permission denied')
    await expect(client.query(`TRUNCATE ${table}`)).rejects.toThrow('permission denied')
    await expect(
      client.query(`UPDATE ${table} SET ${table === 'audit_heads' ? 'note' : 'hash'} = NULL`),
    ).rejects.toThrow('permission denied')
    await client.end()
  }
})

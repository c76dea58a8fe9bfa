import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { audit } from '#features/audit/entries/acts.ts'
import { hashOfLeaf, textOf } from '#features/audit/entries/rules.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { LOG_NAME, writeCheckpoint } from '#features/audit/sealing/rules.ts'
import { GrowingTree } from '#lib/transparency/tree.ts'
import { ed25519, sha256 } from '#platform/signatures.ts'
import { superuser } from '#tests/database.ts'
import { transaction } from '#tests/db.ts'
import { run } from '../run.ts'
import { checkpointsIn, verifierFor } from './checkpoints.ts'
import { verifyLog } from './verification.ts'

const directory = mkdtempSync(join(tmpdir(), 'an-tam-checkpoints-'))
process.env.AUDIT_DIR = directory
afterEach(() => {
  for (const name of readdirSync(directory)) rmSync(join(directory, name))
})

const ENTRIES = 61
/** For more: `TAMPERINGS=1000 npx vitest run scripts/audit`. */
const TAMPERINGS = Number(process.env.TAMPERINGS ?? 250)
const write = (from: number, to: number) =>
  transaction(async (tx) => {
    for (let n = from; n < to; n++) {
      await audit(tx, {
        actor: n % 3 === 0 ? { kind: 'system' } : { kind: 'staff', id: `officer-${n % 5}` },
        act: n % 2 === 0 ? 'case.verify' : 'case.approve',
        subject: { kind: 'case', id: `case-${n}` },
        facts: { version: n, from: 'submitted', held: null },
        after: Buffer.alloc(32, n),
        at: new Date(Date.UTC(2026, 10, 24, 8, 0, n)),
      })
    }
  })

async function sealedLog() {
  for (const [from, to] of [
    [0, 1],
    [1, 24],
    [24, 40],
    [40, ENTRIES],
  ] as const) {
    await write(from, to)
    await sealLog()
  }
  const verifier = await verifierFor(directory, undefined)
  const { heads, bad } = await checkpointsIn(directory, verifier)
  expect(bad).toEqual([])
  expect(heads.map(({ size }) => size)).toEqual([1, 24, 40, ENTRIES])
  return { verifier, heads }
}

/** Repeatable random numbers, so that a failure can be reproduced (Park and Miller). */
function dice(seed: number) {
  let state = seed
  return (sides: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % sides
  }
}

/** Tampers with the database in one random way, as someone with database access but no signing key could. */
function tampering(roll: (sides: number) => number): string {
  const one = `(SELECT id FROM audit_entries ORDER BY id OFFSET ${roll(ENTRIES)} LIMIT 1)`
  const leaf = roll(ENTRIES)
  const size = [1, 24, 40, ENTRIES][roll(4)]
  const node = `(level, "index") = (SELECT level, "index" FROM audit_nodes ORDER BY level, "index" OFFSET ${roll(30)} LIMIT 1)`
  const cut = 1 + roll(ENTRIES - 1)
  const columns = [
    `at = at + interval '${1 + roll(999)} milliseconds'`,
    "at = 'infinity'",
    `at = at - interval '${1 + roll(4000)} years'`,
    "actor_kind = CASE actor_kind WHEN 'staff' THEN 'system'::actor_kind ELSE 'staff' END",
    "actor_id = coalesce(actor_id, '') || 'x'",
    "act = 'case.reject'",
    "subject_kind = 'order'",
    "subject_id = 'case-999'",
    "request_id = 'null'",
    `facts = facts || '{"version": ${1000 + roll(1000)}}'`,
    "facts = facts - 'held'",
    `facts = facts || '{"held": "null"}'`,
    `id = id + ${100 + roll(100)}`,
    'v = 3 - v',
    "case_id = coalesce(case_id, '') || 'x'",
    "before_hash = sha256('another')",
    'before_hash = after_hash, after_hash = NULL',
  ]
  const all = [
    () => `UPDATE audit_entries SET ${columns[roll(columns.length)]} WHERE id = ${one}`,
    () => `DELETE FROM audit_entries WHERE id = ${one}`,
    () =>
      `INSERT INTO audit_entries SELECT -id, at, actor_kind, actor_id, act, subject_kind, subject_id, request_id, facts FROM audit_entries WHERE id = ${one}`,
    // Two entries swap all their columns except the id.
    () =>
      `UPDATE audit_entries a SET (at, actor_kind, actor_id, act, subject_kind, subject_id) =
         (b.at, b.actor_kind, b.actor_id, b.act, b.subject_kind, b.subject_id) FROM audit_entries b
       WHERE (a.id, b.id) IN ((${one}, ${one} + 1), (${one} + 1, ${one}), (${one}, ${one} - 1), (${one} - 1, ${one}))`,
    () => `DELETE FROM audit_entries WHERE id >= ${one}`,
    () =>
      `DELETE FROM audit_entries; DELETE FROM audit_leaves; DELETE FROM audit_nodes; DELETE FROM audit_heads`,
    // Cuts off the tail, with all rows that refer to it.
    () => `DELETE FROM audit_entries e USING audit_leaves l WHERE l.entry_id = e.id AND l."index" >= ${cut};
           DELETE FROM audit_leaves WHERE "index" >= ${cut};
           DELETE FROM audit_nodes WHERE ("index" + 1) * (1 << level) > ${cut};
           DELETE FROM audit_heads WHERE size > ${cut}`,
    () => `UPDATE audit_leaves SET hash = sha256(hash) WHERE "index" = ${leaf}`,
    () => `UPDATE audit_leaves SET entry_id = -entry_id WHERE "index" = ${leaf}`,
    () => `DELETE FROM audit_leaves WHERE "index" = ${leaf}`,
    // Two leaves swap places.
    () => `UPDATE audit_leaves SET "index" = -1 - "index" WHERE "index" IN (${leaf}, ${(leaf + 1) % ENTRIES});
           UPDATE audit_leaves SET "index" = CASE -1 - "index" WHEN ${leaf} THEN ${(leaf + 1) % ENTRIES} ELSE ${leaf} END WHERE "index" < 0`,
    () => `UPDATE audit_nodes SET hash = sha256(hash) WHERE ${node}`,
    () => `DELETE FROM audit_nodes WHERE ${node}`,
    () => `INSERT INTO audit_nodes VALUES (${1 + roll(9)}, ${1000 + roll(100)}, sha256('x'))`,
    () =>
      `UPDATE audit_heads SET note = overlay(note placing '.' from ${1 + roll(100)} for 1) WHERE size = ${size}`,
    () =>
      `UPDATE audit_heads SET note = replace(note, E'\\n${size}\\n', E'\\n${Number(size) + 1}\\n') WHERE size = ${size}`,
    () =>
      `UPDATE audit_heads SET note = (SELECT note FROM audit_heads WHERE size <> ${size} LIMIT 1) WHERE size = ${size}`,
    () => `UPDATE audit_heads SET size = size + 1 WHERE size = ${size}`,
    () => `UPDATE audit_heads SET high_id = high_id + ${1 + roll(9)} WHERE size = ${size}`,
    () => `DELETE FROM audit_heads WHERE size = ${size}`,
  ]
  return (all[roll(all.length)] as () => string)()
}

test('a log that nobody touched has no fault, however it came to be sealed', async () => {
  const { verifier, heads } = await sealedLog()
  expect(await verifyLog(superuser, verifier, heads)).toEqual({
    faults: [],
    leaves: ENTRIES,
    waiting: 0,
    breaks: [],
  })
  await write(ENTRIES, ENTRIES + 3)
  // A set of checkpoints that ends earlier is no fault.
  expect(await verifyLog(superuser, verifier, heads.slice(0, 2))).toMatchObject({ faults: [], waiting: 3 })
})

test(`each of ${TAMPERINGS} tamperings is found`, { timeout: 120_000 }, async () => {
  const { verifier, heads } = await sealedLog()
  const missed: string[] = []
  await superuser.query('SET session_replication_role = replica')
  for (let seed = 1; seed <= TAMPERINGS; seed++) {
    const sql = tampering(dice(seed * 7919))
    await superuser.query('BEGIN')
    await superuser.query(sql)
    const { faults } = await verifyLog(superuser, verifier, heads)
    if (faults.length === 0) missed.push(sql)
    await superuser.query('ROLLBACK')
  }
  await superuser.query('SET session_replication_role = DEFAULT')
  expect(missed).toEqual([])
  expect((await verifyLog(superuser, verifier, heads)).faults).toEqual([])
})

test('a log rewritten from an entry to its root, and signed with another key, is found', async () => {
  const { verifier, heads } = await sealedLog()
  await superuser.query(
    `UPDATE audit_entries SET act = 'case.reject' WHERE id = (SELECT entry_id FROM audit_leaves WHERE "index" = 30)`,
  )
  await rewrite(heads.map(({ size }) => size))
  const { faults } = await verifyLog(superuser, verifier, heads)
  expect(faults).toContain(
    'something among leaves 24 to 39 is not what the checkpoint of 40 entries was signed for',
  )
  expect(faults).toContain('the tree head of 1 entries in the database is not what was signed')
  // Without any checkpoint, only the forged signatures give the change away.
  expect((await verifyLog(superuser, verifier, [])).faults).not.toEqual([])
})

/** Recomputes leaves, subtrees and heads from the current entries, as someone without the key could. */
async function rewrite(sizes: readonly number[]): Promise<void> {
  const { sign, publicKey } = ed25519(new Uint8Array(32))
  const { rows } = await superuser.query(
    `SELECT id, at, actor_kind AS "actorKind", actor_id AS "actorId", act, subject_kind AS "subjectKind",
       subject_id AS "subjectId", request_id AS "requestId", facts, v,
       case_id AS "caseId", before_hash AS "beforeHash", after_hash AS "afterHash"
     FROM audit_leaves JOIN audit_entries ON id = entry_id ORDER BY "index"`,
  )
  const tree = new GrowingTree(sha256)
  for (const row of rows) {
    for (const { level, index, hash } of tree.add(hashOfLeaf(sha256, textOf(row))))
      await superuser.query(
        level === 0
          ? 'UPDATE audit_leaves SET hash = $2 WHERE "index" = $1 AND $3 = 0'
          : 'UPDATE audit_nodes SET hash = $2 WHERE "index" = $1 AND level = $3',
        [index, hash, level],
      )
    if (!sizes.includes(tree.size)) continue
    const head = { size: tree.size, root: tree.root() }
    const note = writeCheckpoint(sha256, head, { name: LOG_NAME, publicKey }, sign)
    await superuser.query('UPDATE audit_heads SET note = $2 WHERE size = $1', [tree.size, note])
  }
}

test('from a checkpoint on only what came after it is read: a change there is found, one before it by the whole run', async () => {
  const { verifier, heads } = await sealedLog()
  const since = heads.find(({ size }) => size === 24) ?? null
  const newer = heads.filter(({ size }) => size >= 24)
  const incremental = async () => (await verifyLog(superuser, verifier, newer, [], since)).faults
  const whole = async () => (await verifyLog(superuser, verifier, heads)).faults
  expect(await verifyLog(superuser, verifier, newer, [], since)).toEqual({
    faults: [],
    leaves: ENTRIES,
    waiting: 0,
    breaks: [],
  })
  await superuser.query('SET session_replication_role = replica')
  const tried = async (sql: string) => {
    await superuser.query('BEGIN')
    await superuser.query(sql)
    const found = { incremental: (await incremental()).length > 0, whole: (await whole()).length > 0 }
    await superuser.query('ROLLBACK')
    return found
  }
  const entry = (leaf: number) => `(SELECT entry_id FROM audit_leaves WHERE "index" = ${leaf})`
  const both = { incremental: true, whole: true }
  // Changes after the checkpoint: an entry, a leaf, a subtree, a head, a removed row, a cut.
  for (const sql of [
    `UPDATE audit_entries SET act = 'case.reject' WHERE id = ${entry(24)}`,
    `DELETE FROM audit_entries WHERE id = ${entry(60)}`,
    `UPDATE audit_leaves SET hash = sha256(hash) WHERE "index" = 40`,
    `DELETE FROM audit_nodes WHERE level = 3 AND "index" = 3`,
    `INSERT INTO audit_nodes VALUES (1, 1000, sha256('x'))`,
    `UPDATE audit_heads SET note = replace(note, E'\\n40\\n', E'\\n41\\n') WHERE size = 40`,
    `DELETE FROM audit_heads WHERE size = 40`,
    `DELETE FROM audit_entries WHERE id >= ${entry(50)}; DELETE FROM audit_leaves WHERE "index" >= 50;
     DELETE FROM audit_nodes WHERE ("index" + 1) * (1 << level) > 50; DELETE FROM audit_heads WHERE size > 50`,
  ])
    expect(await tried(sql), sql).toEqual(both)
  // Changes before the checkpoint: the stored hashes are bound by it. An entry changed beside its stored hash is found
  // only by a full run.
  expect(await tried(`UPDATE audit_nodes SET hash = sha256(hash) WHERE level = 4 AND "index" = 0`)).toEqual(
    both,
  )
  expect(await tried(`UPDATE audit_entries SET act = 'case.reject' WHERE id = ${entry(7)}`)).toEqual({
    incremental: false,
    whole: true,
  })
  await superuser.query('SET session_replication_role = DEFAULT')

  const last = join(directory, 'last')
  await write(ENTRIES, ENTRIES + 4)
  await sealLog()
  const { code, output } = await run(process.execPath, [
    ...['scripts/audit-verify.ts', '--checkpoints', directory, '--since', '40', '--keep', last],
  ])
  expect([code, output]).toEqual([
    0,
    expect.stringContaining('Read were the 25 entries after the checkpoint of 40'),
  ])
  expect(readFileSync(last, 'utf8')).toContain('\n65\n')
})

const command = async (...args: string[]) => {
  const done = await run(process.execPath, ['scripts/audit-verify.ts', ...args])
  return { code: done.code, last: done.output.trim().split('\n').at(-1) }
}

test('the command says what it found, and by its exit code', async () => {
  await sealedLog()
  expect(await command('--checkpoints', directory)).toEqual({
    code: 0,
    last: 'The audit log is what was sealed.',
  })
  const { rows } = await superuser.query(
    `UPDATE audit_entries SET actor_id = 'somebody else'
     WHERE id = (SELECT entry_id FROM audit_leaves WHERE "index" = 7) RETURNING id`,
  )
  expect(await command('--checkpoints', directory)).toEqual({
    code: 1,
    last: `NOT what was sealed: entry ${rows[0].id} (leaf 7; it says case.approve on case case-7) is not what was sealed.`,
  })
  expect((await command('--checkpoints', directory, '--key', 'nonsense')).code).toBe(2)
  expect((await command()).code).toBe(2)
})

test('a checkpoint that was changed where it lies is named', async () => {
  const { verifier } = await sealedLog()
  const name = readdirSync(directory).find((one) => one.endsWith('24.checkpoint')) ?? ''
  const file = join(directory, name)
  writeFileSync(file, readFileSync(file, 'utf8').replace('\n24\n', '\n25\n'))
  expect((await checkpointsIn(directory, verifier)).bad).toEqual([name])
})

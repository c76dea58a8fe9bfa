/**
 * `npm run audit:verify -- --checkpoints DIR [--key VERIFIER]`: finds any entry of the audit log that was changed,
 * removed, reordered or cut off after it was sealed. Needs DATABASE_URL (any role that may read), or joins the running
 * embedded installation. The public key is the given one, else the file beside the checkpoints. Exit code 0: no fault;
 * each stated and signed break after a restore (`npm run audit:resume`) is one line; 1: faults, one line each; 2: it
 * could not be verified.
 *
 * `--since FILE|SIZE`: a checkpoint of an earlier good run. Only later entries are read, which takes minutes instead of
 * hours. A changed older entry is found only by a run without it, which is due each week. `--keep FILE` writes the newest
 * checkpoint there after a good run, for the next run's `--since`.
 *
 * `--data` also compares the city's data with the log: cases and their history, accounts, keys, reference tables,
 * published data. One line per fault. With `--since` it compares only the data that later entries mention, and the small
 * tables as a whole (docs/operations/audit-log.md).
 *
 * `npm run audit:verify -- --proof FILE --key VERIFIER`: checks that a downloaded file proves its entry to be in the log
 * of that key; for a case's story, every line. Needs no database and no network.
 */
import { copyFileSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import {
  checkProof,
  type EntryProof,
  type ProofVerdict,
  readEntryProof,
} from '#features/audit/proofs/rules.ts'
import {
  checkStory,
  readStory,
  type StoryProof,
  type StoryVerdict,
} from '#features/audit/proofs/story-rules.ts'
import { isRenaming, lostEntries } from '#features/audit/sealing/resumption-rules.ts'
import { checkpointFile, readCheckpointFile, type TreeHead } from '#features/audit/sealing/rules.ts'
import { verifyData } from '#features/data-audit/acts.ts'
import { SNAPSHOT } from '#features/data-audit/data.ts'
import { NOT_HELD } from '#features/data-audit/rules.ts'
import type { Signers } from '#lib/transparency/note.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { databaseClient } from '#platform/writable-server.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { checkpointsIn, headIn, verifierFor } from './audit/checkpoints.ts'
import { verifyLog } from './audit/verification.ts'
import { joinEmbedded } from './embedded.ts'

async function proofHolds(file: string, key: string): Promise<number> {
  const text = readFileSync(file, 'utf8')
  const [proof, story] = [readEntryProof(text), readStory(text)]
  const signers = await verifierFor('', key)
  if (proof) return entryHolds(proof, await checkProof(sha256, verifyEd25519, signers, proof))
  if (story) return storyHolds(story, await checkStory(sha256, verifyEd25519, signers, story))
  throw new Error(`${file} is no proof of this log.`)
}

const NOT_SIGNED = 'NOT proved: its checkpoint was not signed with this key, or changed.'

function entryHolds({ leaf, index, size }: EntryProof, verdict: ProofVerdict): number {
  if (verdict.holds)
    console.log(`${leaf}\nThis entry is number ${index} of the ${size} that were signed for.`)
  else if (verdict.fault === 'checkpoint') console.log(NOT_SIGNED)
  else console.log('NOT proved: its entry is not what was signed for at that place.')
  return verdict.holds ? 0 : 1
}

function storyHolds({ caseId, entries, left, size }: StoryProof, verdict: StoryVerdict): number {
  if (verdict.holds) {
    for (const { leaf } of entries) console.log(leaf)
    console.log(
      `These ${entries.length} entries of the case ${caseId} are among the ${size} that were signed for.`,
    )
    if (left > 0) console.log(`${left} more of the case are not in this file.`)
  } else if (verdict.fault === 'checkpoint') console.log(NOT_SIGNED)
  else
    console.log(
      `NOT proved: line ${verdict.line} is not what was signed for, or not of this case in its order.`,
    )
  return verdict.holds ? 0 : 1
}

/** Returns the signed head of a checkpoint file, or of the kept checkpoint of a given size. */
async function sinceOf(since: string, directory: string, signers: Signers): Promise<TreeHead> {
  const file = /^\d+$/.test(since) ? namedBySize(directory, Number(since)) : since
  const head = await headIn(readFileSync(file, 'utf8'), signers)
  if (!head || head.size === 0) throw new Error(`${file} is no checkpoint of this log, or was changed.`)
  return head
}

function namedBySize(directory: string, size: number): string {
  // Only in the newest of several histories: the earlier ones have ended.
  const names = readdirSync(directory).flatMap((name) => readCheckpointFile(name) ?? [])
  const name = names.filter((one) => one.size === size).sort((a, b) => b.history - a.history)[0]
  if (!name) throw new Error(`${directory} has no checkpoint of ${size} entries.`)
  return join(directory, checkpointFile(name.size, name.history))
}

/** Copies by rename, so that a crash leaves no half-written file. */
function keepFile(to: string, from: string): void {
  copyFileSync(from, `${to}.new`)
  renameSync(`${to}.new`, to)
}

/** Compares the data with the log in the same snapshot. */
async function holdData(client: pg.Client, from: TreeHead | null) {
  const read = async <Row extends object>(sql: string, given: readonly unknown[] = []) =>
    (await client.query<Row>(sql, [...given])).rows
  // Entries up to this id cannot come after the head any more.
  const [head] = await read<{ id: string }>('SELECT settled_id AS id FROM audit_heads WHERE size = $1', [
    from?.size ?? 0,
  ])
  return verifyData(read, head?.id ?? null)
}

function tellOfData({ held, faults, notes }: Awaited<ReturnType<typeof verifyData>>): void {
  console.log(`Held against the log: ${held.map(({ name, count }) => `${count} ${name}`).join(', ')}.`)
  for (const note of notes) console.log(`NOTE  ${note}`)
  for (const what of Object.values(NOT_HELD)) console.log(`NOT HELD  ${what}`)
  console.log(
    faults.length === 0
      ? 'The data is what the log says.'
      : `The data is NOT what the log says: ${faults.length} faults.`,
  )
}

const USAGE =
  'usage: npm run audit:verify -- --checkpoints DIR [--key VERIFIER] [--since FILE|SIZE] [--keep FILE] [--data]\n       npm run audit:verify -- --proof FILE --key VERIFIER'

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const options = {
    checkpoints: text,
    key: text,
    proof: text,
    since: text,
    keep: text,
    data: { type: 'boolean' } as const,
  }
  const { values } = readArguments(USAGE, { options })
  if (values.proof && values.key) return proofHolds(values.proof, values.key)
  if (!values.checkpoints) return endWithUsage(USAGE)
  const signers = await verifierFor(values.checkpoints, values.key)
  joinEmbedded()
  // Read before the database, so that the database has at least the entries of the checkpoints.
  const from = values.since === undefined ? null : await sinceOf(values.since, values.checkpoints, signers)
  const { heads, breaks: stated, bad } = await checkpointsIn(values.checkpoints, signers, from?.size)
  const client = databaseClient(process.env.DATABASE_URL ?? '', { options: '-c timezone=UTC' })
  await client.connect()
  try {
    for (const statement of SNAPSHOT) await client.query(statement)
    const { faults, leaves, waiting, breaks } = await verifyLog(client, signers, heads, stated, from)
    const data = values.data ? await holdData(client, from) : null
    const all = [
      ...bad.map((name) => `the checkpoint ${name} was not signed with this key, or changed`),
      ...faults,
    ]
    const found = [...all, ...(data?.faults ?? [])]
    for (const fault of found) console.log(`FAULT  ${fault}`)
    for (const one of breaks.filter(isRenaming))
      console.log(
        `NAME   ${one.at}: after ${one.ended.size} entries the log got another name or key, ${one.keys?.next.name}. Reason: ${one.reason}`,
      )
    for (const one of breaks.filter((each) => !isRenaming(each)))
      console.log(
        `BREAK  ${one.at}: the published history ended at ${one.ended.size} entries; the log goes on from ${one.from.size}, and ${lostEntries(one)} published entries are lost. Reason: ${one.reason}`,
      )
    console.log(
      `${leaves} entries sealed, ${waiting} waiting; ${heads.length} checkpoints of ${signers[0].name}, the newest of ${heads.at(-1)?.size ?? 0} entries.`,
    )
    if (heads.length === 0)
      console.log('Without a checkpoint kept elsewhere, nothing proves that the log was not rewritten.')
    const { length: broken } = breaks.filter((each) => !isRenaming(each))
    const but = broken === 0 ? '' : `, with ${broken} stated break${broken === 1 ? '' : 's'}`
    console.log(
      all.length === 0 ? `The audit log is what was sealed${but}.` : `NOT what was sealed: ${all[0]}.`,
    )
    if (from)
      console.log(
        `Read were the ${leaves - from.size} entries after the checkpoint of ${from.size}; what is before it was not read.`,
      )
    if (data) tellOfData(data)
    const newest = heads.at(-1)
    if (values.keep && found.length === 0 && newest)
      keepFile(values.keep, join(values.checkpoints, checkpointFile(newest.size, newest.history)))
    return found.length === 0 ? 0 : 1
  } finally {
    await client.end()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}

/**
 * `npm run audit:verify -- --checkpoints DIR [--key VERIFIER]`: finds any entry of the audit log that was changed,
 * removed, reordered or cut off since it was sealed. Needs DATABASE_URL (any role that may read), or joins the embedded
 * installation that is running; the public key is the one given, else the file beside the checkpoints. Exit code 0: all
 * is well, and what a restore cut off is stated and signed (`npm run audit:resume`), a line each; 1: faults, each a line;
 * 2: it could not be verified.
 *
 * `npm run audit:verify -- --proof FILE --key VERIFIER`: whether a downloaded file proves that its entry stands
 * in the log of that key; of a case's story, whether every line does. Needs nothing else: no database, no network.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkProof, type EntryProof, type ProofVerdict, readProof } from '#features/audit/rules/proof.ts'
import { lostEntries } from '#features/audit/rules/resumption.ts'
import { checkStory, readStory, type StoryProof, type StoryVerdict } from '#features/audit/rules/story.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { databaseClient } from '#platform/writable-server.ts'
import { checkpointsIn, verifierFor } from './audit/checkpoints.ts'
import { verifyLog } from './audit/verification.ts'
import { joinEmbedded } from './embedded.ts'

async function proofHolds(file: string, key: string): Promise<number> {
  const text = readFileSync(file, 'utf8')
  const [proof, story] = [readProof(text), readStory(text)]
  const verifier = await verifierFor('', key)
  if (proof) return entryHolds(proof, await checkProof(sha256, verifyEd25519, verifier, proof))
  if (story) return storyHolds(story, await checkStory(sha256, verifyEd25519, verifier, story))
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

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { checkpoints: text, key: text, proof: text } })
  if (values.proof && values.key) return proofHolds(values.proof, values.key)
  if (!values.checkpoints) {
    console.error(
      'usage: npm run audit:verify -- --checkpoints DIR [--key VERIFIER]\n       npm run audit:verify -- --proof FILE --key VERIFIER',
    )
    return 2
  }
  const verifier = await verifierFor(values.checkpoints, values.key)
  joinEmbedded()
  // Read before the database, which then has at least what they say.
  const { heads, breaks: stated, bad } = await checkpointsIn(values.checkpoints, verifier)
  const client = databaseClient(process.env.DATABASE_URL ?? '', { options: '-c timezone=UTC' })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { faults, leaves, waiting, breaks } = await verifyLog(client, verifier, heads, stated)
    const all = [
      ...bad.map((name) => `the checkpoint ${name} was not signed with this key, or changed`),
      ...faults,
    ]
    for (const fault of all) console.log(`FAULT  ${fault}`)
    for (const one of breaks)
      console.log(
        `BREAK  ${one.at}: the published history ended at ${one.ended.size} entries; the log goes on from ${one.from.size}, and ${lostEntries(one)} published entries are lost. Reason: ${one.reason}`,
      )
    console.log(
      `${leaves} entries sealed, ${waiting} waiting; ${heads.length} checkpoints of ${verifier.name}, the newest of ${heads.at(-1)?.size ?? 0} entries.`,
    )
    if (heads.length === 0)
      console.log('Without a checkpoint kept elsewhere, nothing proves that the log was not rewritten.')
    const but =
      breaks.length === 0 ? '' : `, with ${breaks.length} stated break${breaks.length === 1 ? '' : 's'}`
    console.log(
      all.length === 0 ? `The audit log is what was sealed${but}.` : `NOT what was sealed: ${all[0]}.`,
    )
    return all.length === 0 ? 0 : 1
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

import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import {
  readVerifier,
  type Sign,
  type Signers,
  type Verifier,
  writeVerifier,
} from '#lib/transparency/note.ts'
import { sameHash } from '#lib/transparency/tree.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { audit } from '../entries/acts.ts'
import { checkpointDirectory, keepNote, readFolder, replaceVerifier } from '../files.ts'
import { comparePublished, computeRoot, type PublishedLog, readHeadOfFile } from './acts.ts'
import { countLeaves, findNewestHead, lockTree, readLogSigner } from './data.ts'
import {
  holdsAfterBreaks,
  LONGEST_REASON,
  lostEntries,
  type Resumption,
  writeResumption,
} from './resumption-rules.ts'
import {
  type CheckpointName,
  RESUMABLE,
  readCheckpoint,
  resumptionFile,
  saySealingFault,
  type TreeHead,
} from './rules.ts'

/**
 * States that the log continues from a database without the newest published entries, as after a restore, or under another name
 * or key. An audit entry and a signed note beside the checkpoints say where the published history ends, where the log continues,
 * and why. The next sealing begins a new history. Returns the statement, or a sentence that says why nothing was stated.
 */
export async function resumeLog(reason: string, now: Instant): Promise<Result<Resumption, string>> {
  if (!env().ANTAM_AUDIT_KEY) return err('ANTAM_AUDIT_KEY is not set: only who seals the log can resume it.')
  if (reason === '' || reason.length > LONGEST_REASON || /[\p{Cc}\u2028\u2029]/u.test(reason))
    return err(`The reason is one line of at most ${LONGEST_REASON} characters.`)
  const { signer, sign } = readLogSigner()
  const former = await findFormerKey(signer)
  if (!former.ok) return former
  const before = former.value
  const { published, fault, facts } = await comparePublished(before?.signer)
  if (fault === null && !before) return err('There is no break: the database has all that was published.')
  if (!published || (fault !== null && !RESUMABLE.includes(fault)))
    return err(saySealingFault(fault ?? 'bad_head', facts, checkpointDirectory()))
  return transaction(async (tx) => {
    // No sealing may run at the same time.
    await lockTree(tx)
    const { size: leaves } = await countLeaves(tx)
    const heads = await endsOf(published, leaves)
    const keys = before && { before: before.signer, next: signer }
    const stated = { history: published.history + 1, ...heads, at: now.toISOString(), reason, keys }
    const signers: (readonly [Verifier, Sign])[] = [[signer, sign]]
    if (before) signers.unshift([before.signer, before.sign])
    const note = writeResumption(sha256, stated, ...signers)
    const lost = lostEntries(stated)
    // A lost entry keeps its id: no new entry may get it.
    if (fault !== null) await skipIds(tx, lost)
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'audit.resumed',
      subject: { kind: 'log', id: signer.name },
      facts: {
        history: stated.history,
        ended: stated.ended.size,
        from: stated.from.size,
        lost,
        reason,
        note,
      },
      at: now,
    })
    const until = writeVerifier(sha256, before?.signer ?? signer)
    await keepNote(resumptionFile(stated.history), note, until)
    if (before) await replaceVerifier(until, writeVerifier(sha256, signer), stated.history)
    return ok(stated)
  })
}

/** Skips `count` ids of entries, and a thousand more for lost entries that were not yet in a published checkpoint. */
const skipIds = async (tx: Tx, count: number): Promise<void> =>
  void (await tx.$queryRaw`
    SELECT setval(pg_get_serial_sequence('audit_entries', 'id'),
                  (SELECT last_value FROM audit_entries_id_seq) + ${count + 1_000}::bigint) AS id`)

/**
 * Returns the log's former key, if the folder names another than this process has: the same key under another name, or
 * `ANTAM_AUDIT_KEY_ALSO`. null if the key is the same.
 */
async function findFormerKey(
  next: Verifier,
): Promise<Result<{ readonly signer: Verifier; readonly sign: Sign } | null, string>> {
  const { verifier: line } = await readFolder()
  if (line === null || line === writeVerifier(sha256, next)) return ok(null)
  const signer = await readVerifier(sha256, line)
  const seeds = [env().ANTAM_AUDIT_KEY_ALSO, env().ANTAM_AUDIT_KEY].filter((seed) => seed !== undefined)
  const key = seeds.map(ed25519).find(({ publicKey }) => signer && sameHash(publicKey, signer.publicKey))
  if (signer && key) return ok({ signer, sign: key.sign })
  return err(
    `The log's key until now is ${line}: give its seed as ANTAM_AUDIT_KEY_ALSO, so that it signs which key is next.`,
  )
}

async function endsOf(published: PublishedLog, leaves: number) {
  const { folder, newest, breaks, signers } = published
  if (folder.checkpoints.length === 0 && breaks.length === 0) {
    // Without the folder, the database's own head is the last known one.
    const head = await findNewestHead()
    if (!head) return { ended: { size: 0, root: sha256() }, from: { size: 0, root: sha256() } }
    const own = await readCheckpoint(sha256, head.note, signers, verifyEd25519)
    if (!own || !sameHash(own.root, await computeRoot(own.size)))
      throw new Error('the newest tree head in the database is not what was signed')
    return { ended: own, from: own }
  }
  const from = await lastCommon(published, leaves, signers)
  return { ended: newest ?? breaks.at(-1)?.from ?? from, from }
}

/**
 * Returns the largest published head that the database also has. The heads form one line, also across breaks: once one differs,
 * every later one differs.
 */
async function lastCommon(published: PublishedLog, leaves: number, signers: Signers): Promise<TreeHead> {
  const line = listLiveCheckpoints(published)
    .filter(({ size }) => size <= leaves)
    .sort((a, b) => a.size - b.size)
  let common: TreeHead = { size: 0, root: sha256() }
  let [low, high] = [0, line.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const name = line[middle]
    const head = name && (await readHeadOfFile(name, signers))
    if (head && sameHash(head.root, await computeRoot(head.size))) {
      common = head
      low = middle + 1
    } else high = middle
  }
  return common
}

const listLiveCheckpoints = ({ folder, breaks }: PublishedLog): CheckpointName[] =>
  folder.checkpoints.filter((name) => holdsAfterBreaks(name, breaks))

import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { writeVerifier } from '#lib/transparency/note.ts'
import { sameHash } from '#lib/transparency/tree.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { audit } from '../entries/acts.ts'
import { skipIds } from '../entries/data.ts'
import { checkpointDirectory, keepNote } from '../files.ts'
import {
  comparePublished,
  computeRoot,
  listLiveCheckpoints,
  type PublishedLog,
  readHeadOfFile,
} from './acts.ts'
import { countLeaves, findNewestHead, lockTree, readLogVerifier } from './data.ts'
import { LONGEST_REASON, lostEntries, type Resumption, writeResumption } from './resumption-rules.ts'
import {
  LOG_NAME,
  RESUMABLE,
  readCheckpoint,
  resumptionFile,
  saySealingFault,
  type TreeHead,
} from './rules.ts'

/**
 * States that the log continues from a database that lacks the newest published entries, as after a restore. An entry
 * of the log and a signed note beside the checkpoints say where the published history ends, where the log continues,
 * and why. The next sealing begins another history. Returns the statement, or a sentence that says why nothing was
 * stated.
 */
export async function resumeLog(reason: string, now: Instant): Promise<Result<Resumption, string>> {
  const seed = env().ANTAM_AUDIT_KEY
  if (!seed) return err('ANTAM_AUDIT_KEY is not set: only who seals the log can resume it.')
  if (reason === '' || reason.length > LONGEST_REASON || /[\p{Cc}\u2028\u2029]/u.test(reason))
    return err(`The reason is one line of at most ${LONGEST_REASON} characters.`)
  const { published, fault, facts } = await comparePublished()
  if (fault === null) return err('There is no break: the database has all that was published.')
  if (!published || !RESUMABLE.includes(fault))
    return err(saySealingFault(fault, facts, checkpointDirectory()))
  const { sign, publicKey } = ed25519(seed)
  const signer = { name: LOG_NAME, publicKey }
  return transaction(async (tx) => {
    // No sealing may run at the same time.
    await lockTree(tx)
    const { size: leaves } = await countLeaves(tx)
    const heads = await endsOf(published, leaves)
    const stated = { history: published.history + 1, ...heads, at: now.toISOString(), reason }
    const note = writeResumption(sha256, stated, signer, sign)
    const lost = lostEntries(stated)
    // An entry that is lost keeps its number: no other takes it from now on.
    await skipIds(tx, lost)
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'audit.resumed',
      subject: { kind: 'log', id: LOG_NAME },
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
    await keepNote(resumptionFile(stated.history), note, writeVerifier(sha256, signer))
    return ok(stated)
  })
}

async function endsOf(published: PublishedLog, leaves: number) {
  const { folder, newest, breaks } = published
  if (folder.checkpoints.length === 0 && breaks.length === 0) {
    // The folder is gone: the database's own head is the last that is known of.
    const head = await findNewestHead()
    const own = head && (await readCheckpoint(sha256, head.note, await readLogVerifier(), verifyEd25519))
    if (!own || !sameHash(own.root, await computeRoot(own.size)))
      throw new Error('the newest tree head in the database is not what was signed')
    return { ended: own, from: own }
  }
  const from = await lastCommon(published, leaves)
  return { ended: newest ?? breaks.at(-1)?.from ?? from, from }
}

/**
 * Returns the largest published head that the database also has. The heads form one line, also across breaks: once one
 * differs, every later one differs.
 */
async function lastCommon(published: PublishedLog, leaves: number): Promise<TreeHead> {
  const line = listLiveCheckpoints(published)
    .filter(({ size }) => size <= leaves)
    .sort((a, b) => a.size - b.size)
  let common: TreeHead = { size: 0, root: sha256() }
  let [low, high] = [0, line.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const name = line[middle]
    const head = name && (await readHeadOfFile(name))
    if (head && sameHash(head.root, await computeRoot(head.size))) {
      common = head
      low = middle + 1
    } else high = middle
  }
  return common
}

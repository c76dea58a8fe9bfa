import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { GrowingTree, sameHash } from '#lib/transparency/tree.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { checkpointDirectory, type Folder, keptCheckpoint, keptResumption, readFolder } from '../files.ts'
import { logVerifier, verifierLine } from '../queries/key.ts'
import { resumptionsInLog } from '../repository/entries.ts'
import { edgeOf, leavesSoFar, newestHead } from '../repository/tree.ts'
import { readCheckpoint, type TreeHead } from '../rules/checkpoint.ts'
import type { CheckpointName } from '../rules/log.ts'
import { holdsAfterBreaks, type Resumption, readResumption } from '../rules/resumption.ts'
import { type SealingFacts, type SealingFault, saySealingFault } from '../rules/sealing.ts'

/** Thrown where the log may not be sealed on: what was published and what the database has do not agree. */
export class SealingStopped extends Error {
  readonly fault: SealingFault
  readonly facts: SealingFacts

  constructor(fault: SealingFault, facts: SealingFacts) {
    super(saySealingFault(fault, facts, checkpointDirectory()))
    this.fault = fault
    this.facts = facts
  }
}

/** The content of the folder, read and checked as far as sealing needs it. */
export interface Published {
  readonly folder: Folder
  /** The stated breaks that are signed, oldest first. */
  readonly breaks: readonly Resumption[]
  /** The number of the history that is sealed now. */
  readonly history: number
  /** The newest head of that history; null before its first. */
  readonly newest: TreeHead | null
}

interface Compared {
  readonly published: Published | null
  readonly fault: SealingFault | null
  readonly facts: SealingFacts
}

/** Returns the root of the first `size` entries in the database, by its kept hashes. */
export const rootAt = async (size: number): Promise<Uint8Array> =>
  size === 0 ? sha256() : new GrowingTree(sha256, size, await edgeOf(size)).root()

/** Returns the signed head of a file; null where it is another's, or changed. */
export async function headOfFile(name: CheckpointName): Promise<TreeHead | null> {
  const head = await readCheckpoint(sha256, await keptCheckpoint(name), await logVerifier(), verifyEd25519)
  return head?.size === name.size ? head : null
}

const newestOf = (names: readonly CheckpointName[], history: number): CheckpointName | null =>
  names.reduce<CheckpointName | null>(
    (newest, one) => (one.history === history && one.size > (newest?.size ?? 0) ? one : newest),
    null,
  )

/** Returns the names of the checkpoints, of this history and earlier ones, that the newest history still continues. */
export const liveCheckpoints = ({ folder, breaks }: Published): CheckpointName[] =>
  folder.checkpoints.filter((name) => holdsAfterBreaks(name, breaks))

/**
 * Compares the published checkpoints with the database. The folder is read first: the leaves of a checkpoint are
 * committed before its file is written, so the database then has at least what the folder says. A first fault is looked
 * at again: a file is written before its row, and another process may have been writing.
 */
export async function comparePublished(): Promise<Compared> {
  const first = await compareOnce()
  if (first.fault === null) return first
  await sleep(500)
  return compareOnce()
}

async function compareOnce(): Promise<Compared> {
  const folder = await readFolder()
  const resumed = await resumptionsInLog()
  const [head, { size: leaves }] = [await newestHead(), await leavesSoFar()]
  const history = Math.max(1, ...folder.resumptions, ...folder.checkpoints.map((one) => one.history))
  const name = newestOf(folder.checkpoints, history)
  const facts = { published: name?.size ?? 0, database: leaves }
  const found = (fault: SealingFault | null, published: Published | null = null): Compared => ({
    published,
    fault,
    facts,
  })
  if (folder.verifier !== null && folder.verifier !== verifierLine()) return found('other_log')
  const stated = await breaksIn(folder, history)
  if (stated === null) return found('bad_resumption')
  const newest = name && (await headOfFile(name))
  if (name && !newest) return found('bad_checkpoint')
  const published = { folder, breaks: stated, history, newest }
  if (folder.checkpoints.length === 0 && history === 1 && head)
    return found(folder.there ? 'empty_folder' : 'missing_folder', published)
  if (history > 1 && !resumed.some((one) => one === history)) return found('unresumed', published)
  const last = newest ?? stated.at(-1)?.from
  if (last && last.size > leaves) return found('ahead', { ...published })
  if (last && !sameHash(last.root, await rootAt(last.size))) return found('fork', published)
  const own = head && (await readCheckpoint(sha256, head.note, await logVerifier(), verifyEd25519))
  if (head && (own?.size !== head.size || head.size > leaves)) return found('bad_head', published)
  if (own && !sameHash(own.root, await rootAt(own.size))) return found('bad_head', published)
  return found(null, published)
}

/** Returns the breaks up to `history`, each signed; null where the newest is not there or not signed. */
async function breaksIn(folder: Folder, history: number): Promise<Resumption[] | null> {
  const breaks: Resumption[] = []
  for (const number of folder.resumptions.toSorted((a, b) => a - b)) {
    const one = await readResumption(sha256, await keptResumption(number), await logVerifier(), verifyEd25519)
    if (one?.history === number) breaks.push(one)
  }
  return history === 1 || breaks.at(-1)?.history === history ? breaks : null
}

import '#server-only'
import { writeVerifier } from '#lib/transparency/note.ts'
import { GrowingTree, leafHash, sameHash } from '#lib/transparency/tree.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { keepCheckpoint } from '../files.ts'
import { logVerifier } from '../queries/key.ts'
import {
  addHead,
  addLeaves,
  edgeOf,
  entriesWithoutLeaf,
  headsAbove,
  type Leaf,
  leavesSoFar,
  lockTree,
  newestHead,
  settledId,
} from '../repository/tree.ts'
import { readCheckpoint, writeCheckpoint } from '../rules/checkpoint.ts'
import { leafOf } from '../rules/entry.ts'
import { LOG_NAME } from '../rules/log.ts'
import { comparePublished, type Published, rootAt, SealingStopped } from './published.ts'

/** The most leaves that one transaction adds under one head. */
const BATCH = 5_000

/**
 * Adds every committed entry to the tree and signs the tree's head. The head is written outside the database before the
 * database has it. Several may run at once, and each may be killed at any point: the next run continues from there.
 *
 * @throws SealingStopped when the database differs from what was published last; then nothing is signed
 */
export async function seal(batch = BATCH): Promise<number> {
  const { published, fault, facts } = await comparePublished()
  if (fault !== null || published === null) throw new SealingStopped(fault ?? 'bad_head', facts)
  await publishAgain(published)
  for (let sealed = 0; ; ) {
    const { added, settled } = await grow(batch)
    sealed += added
    await publish(settled, published.history)
    // `settled` is known once nothing was left over.
    if (settled !== null) return sealed
  }
}

/** Writes the files of heads that the folder lacks, as one has that was itself restored: they go on with what it has. */
async function publishAgain({ newest, breaks, history }: Published): Promise<void> {
  const since = newest ?? breaks.at(-1)?.from
  if (!since) return
  for (const { size, note } of await headsAbove(since.size)) {
    const verifier = await logVerifier()
    const head = await readCheckpoint(sha256, note, verifier, verifyEd25519)
    if (head && sameHash(head.root, await rootAt(size)))
      await keepCheckpoint({ size, history }, note, writeVerifier(sha256, verifier))
  }
}

interface Growth {
  readonly added: number
  /** The id up to which no entry can be missing any more; null where more entries are to be added first. */
  readonly settled: bigint | null
}

const grow = (batch: number): Promise<Growth> =>
  transaction(async (tx) => {
    await lockTree(tx)
    const head = await newestHead(tx)
    const { size } = await leavesSoFar(tx)
    // A process ended before it signed: its head is signed first, so that none is left out.
    if (size !== (head?.size ?? 0)) return { added: 0, settled: null }
    // Read before the entries, which then include those of every transaction that is over by now.
    const settled = await settledId(tx)
    const entries = await entriesWithoutLeaf(tx, head?.settledId ?? 0n, batch)
    const tree = new GrowingTree(sha256, size, await edgeOf(size, tx))
    const leaves: Leaf[] = []
    const nodes = entries.flatMap((entry) => {
      const hash = leafHash(sha256, leafOf(entry))
      leaves.push({ index: tree.size, entryId: entry.id, hash })
      return tree.add(hash).filter(({ level }) => level > 0)
    })
    if (leaves.length > 0) await addLeaves(tx, leaves, nodes)
    return { added: leaves.length, settled: entries.length < batch ? settled : null }
  })

/** Signs the tree as it is, unless its head is signed already. */
async function publish(settled: bigint | null, history: number): Promise<void> {
  const [head, { size, highId }] = [await newestHead(), await leavesSoFar()]
  if (size === 0 || size === head?.size) return
  const root = new GrowingTree(sha256, size, await edgeOf(size)).root()
  const seed = env().ANTAM_AUDIT_KEY
  if (!seed) throw new Error('ANTAM_AUDIT_KEY is not set: this process cannot seal the audit log')
  const { sign, publicKey } = ed25519(seed)
  const signer = { name: LOG_NAME, publicKey }
  const note = writeCheckpoint(sha256, { size, root }, signer, sign)
  await keepCheckpoint({ size, history }, note, writeVerifier(sha256, signer))
  const before = head?.settledId ?? 0n
  await addHead({ size, note, highId, settledId: settled !== null && settled > before ? settled : before })
}

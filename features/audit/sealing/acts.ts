import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Signers, type Verifier, writeVerifier } from '#lib/transparency/note.ts'
import { GrowingTree, type Hash, sameHash, type TreeNode } from '#lib/transparency/tree.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { listResumptions } from '../entries/data.ts'
import { hashOfLeaf, textOf } from '../entries/rules.ts'
import { checkpointDirectory, type Folder, keepNote, readFolder, readKept } from '../files.ts'
import {
  addHead,
  countLeaves,
  findNewestHead,
  type Leaf,
  listEntriesWithoutLeaf,
  listHeadsAbove,
  lockTree,
  readEdge,
  readLogSigner,
  readLogSigners,
} from './data.ts'
import { type Resumption, readResumption } from './resumption-rules.ts'
import {
  type CheckpointName,
  checkpointFile,
  readCheckpoint,
  resumptionFile,
  type SealingFacts,
  type SealingFault,
  saySealingFault,
  type TreeHead,
  writeCheckpoint,
} from './rules.ts'

/** Thrown when the log must not be sealed: the published checkpoints and the database disagree. */
export class SealingStopped extends Error {
  readonly fault: SealingFault
  readonly facts: SealingFacts

  constructor(fault: SealingFault, facts: SealingFacts) {
    super(saySealingFault(fault, facts, checkpointDirectory()))
    this.fault = fault
    this.facts = facts
  }
}

export interface PublishedLog {
  readonly folder: Folder
  /** The keys that the log has had, today's first. */
  readonly signers: readonly [Verifier, ...Verifier[]]
  readonly breaks: readonly Resumption[]
  readonly history: number
  /** The newest head of that history; null before its first. */
  readonly newest: TreeHead | null
}

interface Compared {
  readonly published: PublishedLog | null
  readonly fault: SealingFault | null
  readonly facts: SealingFacts
}

export const computeRoot = async (size: number): Promise<Uint8Array> =>
  size === 0 ? sha256() : new GrowingTree(sha256, size, await readEdge(size)).root()

export async function readHeadOfFile(name: CheckpointName, signers: Signers): Promise<TreeHead | null> {
  const note = await readKept(checkpointFile(name.size, name.history))
  const head = await readCheckpoint(sha256, note, signers, verifyEd25519)
  return head?.size === name.size ? head : null
}

const newestOf = (names: readonly CheckpointName[], history: number): CheckpointName | null =>
  names.reduce<CheckpointName | null>(
    (newest, one) => (one.history === history && one.size > (newest?.size ?? 0) ? one : newest),
    null,
  )

/**
 * Compares the published checkpoints with the database. Reads the folder first: a checkpoint's leaves are committed before its
 * file is written, so the database then has at least as much. A first fault is checked again, because a file is written before
 * its row and another process may be writing. `as`: the log's key, if this process has another.
 */
export async function comparePublished(as?: Verifier): Promise<Compared> {
  const first = await compareOnce(as)
  if (first.fault === null) return first
  await sleep(500)
  return compareOnce(as)
}

async function compareOnce(as?: Verifier): Promise<Compared> {
  const signers = await readLogSigners(as)
  const folder = await readFolder()
  const resumed = (await listResumptions()).map(({ history }) => Number(history))
  const [head, { size: leaves }] = [await findNewestHead(), await countLeaves()]
  const history = Math.max(1, ...folder.resumptions, ...folder.checkpoints.map((one) => one.history))
  const name = newestOf(folder.checkpoints, history)
  const facts = { published: name?.size ?? 0, database: leaves }
  const found = (fault: SealingFault | null, published: PublishedLog | null = null): Compared => ({
    published,
    fault,
    facts,
  })
  if (folder.verifier !== null && folder.verifier !== writeVerifier(sha256, signers[0]))
    return found('other_log')
  const stated = await breaksIn(folder, history, signers)
  if (stated === null) return found('bad_resumption')
  const newest = name && (await readHeadOfFile(name, signers))
  if (name && !newest) return found('bad_checkpoint')
  const published = { folder, signers, breaks: stated, history, newest }
  if (folder.checkpoints.length === 0 && history === 1 && head)
    return found(folder.there ? 'empty_folder' : 'missing_folder', published)
  if (history > 1 && !resumed.some((one) => one === history)) return found('unresumed', published)
  const last = newest ?? stated.at(-1)?.from
  if (last && last.size > leaves) return found('ahead', { ...published })
  if (last && !sameHash(last.root, await computeRoot(last.size))) return found('fork', published)
  const own = head && (await readCheckpoint(sha256, head.note, signers, verifyEd25519))
  if (head && (own?.size !== head.size || head.size > leaves)) return found('bad_head', published)
  if (own && !sameHash(own.root, await computeRoot(own.size))) return found('bad_head', published)
  return found(null, published)
}

/** Returns the signed breaks up to `history`; null if the newest is missing or not signed. */
async function breaksIn(folder: Folder, history: number, signers: Signers): Promise<Resumption[] | null> {
  const breaks: Resumption[] = []
  for (const number of folder.resumptions.toSorted((a, b) => a - b)) {
    const note = await readKept(resumptionFile(number))
    const one = await readResumption(sha256, note, signers, verifyEd25519)
    if (one?.history === number) breaks.push(one)
  }
  return history === 1 || breaks.at(-1)?.history === history ? breaks : null
}

/** Leaves per transaction, under one head. */
const BATCH = 5_000

/**
 * Adds every committed entry to the tree and signs the tree's head. The head is written outside the database first. Several runs
 * may overlap, and each may be killed at any point: the next one continues.
 *
 * @throws SealingStopped when the database differs from what was published last; then nothing is signed
 */
export async function sealLog(batch = BATCH): Promise<number> {
  const { published, fault, facts } = await comparePublished()
  if (fault !== null || published === null) throw new SealingStopped(fault ?? 'bad_head', facts)
  await publishAgain(published)
  for (let sealed = 0; ; ) {
    const { added, settled } = await grow(batch)
    sealed += added
    await publish(settled, published.history)
    // `grow` returns `settled` when no entry is left.
    if (settled !== null) return sealed
  }
}

/** Writes the files of heads that the folder lacks, for example when the folder itself was restored. */
async function publishAgain({ newest, breaks, history, signers }: PublishedLog): Promise<void> {
  const since = newest ?? breaks.at(-1)?.from
  if (!since) return
  for (const { size, note } of await listHeadsAbove(since.size)) {
    const head = await readCheckpoint(sha256, note, signers, verifyEd25519)
    if (head && sameHash(head.root, await computeRoot(size)))
      await keepNote(checkpointFile(size, history), note, writeVerifier(sha256, signers[0]))
  }
}

const grow = (batch: number) =>
  transaction(async (tx) => {
    await lockTree(tx)
    const head = await findNewestHead(tx)
    const { size } = await countLeaves(tx)
    // A process stopped before it signed: its head is signed first, so that none is left out.
    if (size !== (head?.size ?? 0)) return { added: 0, settled: null }
    // Read before the entries, which then include those of all transactions that have ended by now.
    const settled = await findSettledId(tx)
    const entries = await listEntriesWithoutLeaf(tx, head?.settledId ?? 0n, batch)
    const tree = new GrowingTree(sha256, size, await readEdge(size, tx))
    const leaves: Leaf[] = []
    const nodes = entries.flatMap((entry) => {
      const hash = hashOfLeaf(sha256, textOf(entry))
      leaves.push({ index: tree.size, entryId: entry.id, v: entry.v, hash })
      return tree.add(hash).filter(({ level }) => level > 0)
    })
    if (leaves.length > 0) await addLeaves(tx, leaves, nodes)
    return { added: leaves.length, settled: entries.length < batch ? settled : null }
  })

const hex = (hash: Hash): string => Buffer.from(hash).toString('hex')

async function addLeaves(tx: Tx, leaves: readonly Leaf[], nodes: readonly TreeNode[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO audit_leaves ("index", entry_id, entry_v, hash)
    SELECT i, e, v, decode(h, 'hex') FROM unnest(
      ${leaves.map(({ index }) => index)}::bigint[], ${leaves.map(({ entryId }) => BigInt(entryId))}::bigint[],
      ${leaves.map(({ v }) => v)}::smallint[], ${leaves.map(({ hash }) => hex(hash))}::text[]) AS new (i, e, v, h)`
  await tx.$executeRaw`
    INSERT INTO audit_nodes (level, "index", hash)
    SELECT l, i, decode(h, 'hex') FROM unnest(
      ${nodes.map(({ level }) => level)}::int[], ${nodes.map(({ index }) => index)}::bigint[],
      ${nodes.map(({ hash }) => hex(hash))}::text[]) AS new (l, i, h)`
}

/** The age of a head before it settles anything; much longer than any transaction. */
const SETTLING = '10 minutes'

/**
 * Returns the id up to which no more entries can be committed, because ids are not committed in the order in which they are
 * given. It is the highest id of the newest head that is older than {@link SETTLING} and than every running transaction.
 */
async function findSettledId(tx: Tx): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT high_id AS id FROM audit_heads
    WHERE snapshot_xmax <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      AND sealed_at < now() - ${SETTLING}::interval
    ORDER BY size DESC LIMIT 1`
  return row?.id ?? 0n
}

async function publish(settled: bigint | null, history: number): Promise<void> {
  const [head, { size, highId }] = [await findNewestHead(), await countLeaves()]
  if (size === 0 || size === head?.size) return
  const { signer, sign } = readLogSigner()
  const note = writeCheckpoint(sha256, { size, root: await computeRoot(size) }, signer, sign)
  await keepNote(checkpointFile(size, history), note, writeVerifier(sha256, signer))
  const before = head?.settledId ?? 0n
  await addHead({ size, note, highId, settledId: settled !== null && settled > before ? settled : before })
}

import type pg from 'pg'
import { type AuditEntry, hashOfLeaf, textOf } from '#features/audit/entries/rules.ts'
import { holdsAfterBreaks, isExplainedByBreak } from '#features/audit/sealing/resumption-rules.ts'
import type { TreeHead } from '#features/audit/sealing/rules.ts'
import type { Signers } from '#lib/transparency/note.ts'
import { GrowingTree, type NodeId, nodesOf, sameHash, type TreeNode } from '#lib/transparency/tree.ts'
import { sha256 } from '#platform/signatures.ts'
import { breakIn, headIn, type KeptBreak, type KeptHead } from './checkpoints.ts'

/** The result of a verification; no faults means that all is well, and faults are in the order of the log. */
export interface Report {
  readonly faults: readonly string[]
  readonly leaves: number
  readonly waiting: number
  /** The stated and signed breaks, oldest first; a difference that one of them explains is no fault. */
  readonly breaks: readonly KeptBreak[]
}

const PAGE = 8_192
/** The maximum number of faults to list. */
const ENOUGH = 20

interface Row extends AuditEntry {
  readonly index: string
  readonly entryId: string
  readonly hash: Buffer
}
interface HeadRow {
  readonly size: string
  readonly note: string
  readonly highId: string
  readonly settledId: string
}

/**
 * Recomputes the whole tree from the entries and compares it with everything signed or stored about it: the stored leaves
 * and subtrees, the tree heads in the database, and the checkpoints kept elsewhere. It shares with the product how an
 * entry is written and hashed, how a tree is computed, and how signed notes are read. It does not share the code that
 * seals and stores.
 *
 * With `since`, a signed tree head, it reads only the entries after that head. The stored hashes of earlier entries must
 * produce that head and, with the new ones, all heads signed since (RFC 6962, 2.1.2). It then misses an older entry that
 * was changed while its stored hash was not.
 */
export async function verifyLog(
  client: pg.Client,
  signers: Signers,
  checkpoints: readonly KeptHead[],
  stated: readonly KeptBreak[] = [],
  since: TreeHead | null = null,
): Promise<Report> {
  const breaks = await withThoseOfTheLog(client, signers, stated)
  if (since && isExplainedByBreak(breaks, since.size))
    throw new Error(
      `The history of the checkpoint of ${since.size} entries has ended: verify without --since, and go on from a newer one.`,
    )
  return new Verification(client, signers, checkpoints, breaks).run(since)
}

/**
 * Returns the breaks of a folder, and those that the log itself states and signed: a copied folder may have only
 * checkpoints.
 */
async function withThoseOfTheLog(
  client: pg.Client,
  signers: Signers,
  stated: readonly KeptBreak[],
): Promise<KeptBreak[]> {
  const notes = await notesOf(client)
  const own = await Promise.all(notes.map((note) => breakIn(note, signers)))
  const others = own
    .filter((one) => one !== null)
    .filter(({ note }) => !stated.some((known) => known.note === note))
  return [...stated, ...others].sort((a, b) => a.history - b.history)
}

/** Returns the notes of all resumption entries, sealed or not. */
async function notesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ note: string | null }>(
    `SELECT facts->>'note' AS note FROM audit_entries WHERE act = 'audit.resumed' ORDER BY id`,
  )
  return rows.map(({ note }) => note ?? '')
}

class Verification {
  readonly #faults: string[] = []
  readonly #client: pg.Client
  readonly #signers: Signers
  readonly #all: readonly KeptHead[]
  readonly #breaks: readonly KeptBreak[]
  /** The checkpoints that are valid for the continued log, by size. */
  readonly #checkpoints: ReadonlyMap<number, KeptHead>
  #tree = new GrowingTree(sha256)
  /** The size at the start of this run, and the id up to which no entry was missing at that size. */
  #from = { size: 0, settledId: '0' }
  #heads = new Map<number, HeadRow>()
  #highId = 0n
  /** The size of the last tree head that matched: everything before it is unchanged. */
  #good = 0

  constructor(
    client: pg.Client,
    signers: Signers,
    checkpoints: readonly KeptHead[],
    breaks: readonly KeptBreak[],
  ) {
    this.#client = client
    this.#signers = signers
    this.#all = checkpoints
    this.#breaks = breaks
    const live = checkpoints.filter((head) => holdsAfterBreaks(head, breaks))
    this.#checkpoints = new Map(live.map((head) => [head.size, head]))
  }

  async run(since: TreeHead | null): Promise<Report> {
    const { rows } = await this.#client.query<HeadRow>(
      `SELECT size, note, high_id AS "highId", settled_id AS "settledId" FROM audit_heads
       WHERE size >= $1 ORDER BY size`,
      [since?.size ?? 0],
    )
    this.#heads = new Map(rows.map((row) => [Number(row.size), row]))
    if (since) await this.#begin(since)
    while (this.#faults.length < ENOUGH && (await this.#page())) {}
    if (this.#faults.length < ENOUGH) {
      this.#end()
      await this.#nodeCount()
    }
    await this.#compareBreaks()
    const waiting = await this.#unsealed()
    return { faults: this.#faults, leaves: this.#tree.size, waiting, breaks: this.#breaks }
  }

  /** Starts at a signed head, from the stored hashes of earlier leaves. */
  async #begin(since: TreeHead): Promise<void> {
    const { size } = since
    const wanted = nodesOf({ start: 0, end: size })
    const { rows } = await this.#client.query<{ hash: Buffer | null }>(
      `SELECT CASE wanted.level WHEN 0 THEN l.hash ELSE n.hash END AS hash
       FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS wanted (level, at, n)
       LEFT JOIN audit_nodes n ON n.level = wanted.level AND n."index" = wanted.at
       LEFT JOIN audit_leaves l ON wanted.level = 0 AND l."index" = wanted.at ORDER BY wanted.n`,
      [wanted.map(({ level }) => level), wanted.map(({ index }) => index)],
    )
    const kept = new Map(wanted.map((node, at) => [`${node.level} ${node.index}`, rows[at]?.hash]))
    const hashOf = ({ level, index }: NodeId) => kept.get(`${level} ${index}`) ?? new Uint8Array(32)
    this.#tree = new GrowingTree(sha256, size, hashOf)
    const row = this.#heads.get(size)
    this.#highId = BigInt(row?.highId ?? 0)
    this.#from = { size, settledId: row?.settledId ?? '0' }
    if (sameHash(this.#tree.root(), since.root)) this.#good = size
    else this.#fault(`the kept hashes of the first ${size} leaves are not what the checkpoint was signed for`)
    if (!row)
      this.#fault(`the tree head of ${size} entries, kept as a checkpoint, is missing in the database`)
    else await this.#compareHead(row, this.#tree.root(), `something among leaves 0 to ${size - 1}`)
  }

  #fault(text: string): void {
    this.#faults.push(text)
  }

  /**
   * Checks the next leaves with their entries. Returns false when there are no more, or when the check cannot continue.
   */
  async #page(): Promise<boolean> {
    const start = this.#tree.size
    const { rows } = await this.#client.query<Row>(
      `SELECT l."index", l.entry_id AS "entryId", l.hash, e.id, e.at, e.actor_kind AS "actorKind",
              e.actor_id AS "actorId", e.act, e.subject_kind AS "subjectKind", e.subject_id AS "subjectId",
              e.request_id AS "requestId", e.facts, e.v, e.case_id AS "caseId", e.before_hash AS "beforeHash",
              e.after_hash AS "afterHash"
       FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id
       WHERE l."index" >= $1 ORDER BY l."index" LIMIT ${PAGE}`,
      [start],
    )
    const completed: TreeNode[] = []
    for (const row of rows) {
      if (!this.#isNext(row)) return false
      completed.push(...this.#tree.add(this.#leaf(row)).filter(({ level }) => level > 0))
      if (BigInt(row.entryId) > this.#highId) this.#highId = BigInt(row.entryId)
      await this.#compareHeads()
      if (this.#faults.length >= ENOUGH) return false
    }
    await this.#compareNodes(completed)
    return rows.length === PAGE
  }

  #isNext(row: Row): boolean {
    const expected = this.#tree.size
    if (Number(row.index) === expected) return true
    this.#fault(`leaf ${expected} is missing; the next one is leaf ${row.index}, of entry ${row.entryId}`)
    return false
  }

  /** Returns the hash of the current entry; for a missing entry the stored leaf hash, so that verification can continue. */
  #leaf(row: Row): Uint8Array {
    if (row.id === null) {
      this.#fault(`entry ${row.entryId} (leaf ${row.index}) was removed`)
      return row.hash
    }
    const hash = hashOfLeaf(sha256, textOf(row))
    if (!sameHash(hash, row.hash)) {
      const what = `${row.act} on ${row.subjectKind} ${row.subjectId}`
      this.#fault(`entry ${row.id} (leaf ${row.index}; it says ${what}) is not what was sealed`)
    }
    return hash
  }

  /** Compares all heads of this size, from the database and from elsewhere. */
  async #compareHeads(): Promise<void> {
    const size = this.#tree.size
    const row = this.#heads.get(size)
    const checkpoint = this.#checkpoints.get(size)
    if (!row && !checkpoint) return
    const root = this.#tree.root()
    const where = `something among leaves ${this.#good} to ${size - 1}`
    if (checkpoint && !sameHash(checkpoint.root, root))
      this.#fault(`${where} is not what the checkpoint of ${size} entries was signed for`)
    else if (checkpoint && !row)
      this.#fault(`the tree head of ${size} entries, kept as a checkpoint, is missing in the database`)
    if (row) await this.#compareHead(row, root, where)
    if (checkpoint ? sameHash(checkpoint.root, root) : row) this.#good = size
  }

  async #compareHead(row: HeadRow, root: Uint8Array, where: string): Promise<void> {
    const said = await headIn(row.note, this.#signers)
    if (!said || said.size !== Number(row.size))
      this.#fault(`the tree head of ${row.size} entries in the database is not what was signed`)
    else if (!sameHash(said.root, root))
      this.#fault(`${where} is not what the tree head of ${row.size} entries was signed for`)
    if (BigInt(row.highId) !== this.#highId || BigInt(row.settledId) > this.#highId)
      this.#fault(`the tree head of ${row.size} entries says another highest entry than ${this.#highId}`)
  }

  async #compareNodes(completed: readonly TreeNode[]): Promise<void> {
    const { rows } = await this.#client.query<{ hash: Buffer | null }>(
      `SELECT n.hash FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS wanted (level, at, n)
       LEFT JOIN audit_nodes n ON n.level = wanted.level AND n."index" = wanted.at ORDER BY wanted.n`,
      [completed.map(({ level }) => level), completed.map(({ index }) => index)],
    )
    completed.forEach(({ level, index, hash }, at) => {
      const kept = rows[at]?.hash
      if (kept && sameHash(kept, hash)) return
      const [first, last] = [index * 2 ** level, (index + 1) * 2 ** level - 1]
      this.#fault(`the subtree of leaves ${first} to ${last} is ${kept ? 'not what they make' : 'missing'}`)
    })
  }

  /** Reports heads of a longer log than the current one. */
  #end(): void {
    const { size } = this.#tree
    const longer = [...this.#checkpoints.keys()].filter((one) => one > size).sort((a, b) => a - b)
    if (longer[0] !== undefined)
      this.#fault(`the log was cut: it has ${size} leaves, and a checkpoint was signed for ${longer[0]}`)
    for (const one of this.#heads.keys())
      if (one > size || one < 1)
        this.#fault(`a tree head of ${one} entries stands in a log of ${size} leaves`)
  }

  async #compareBreaks(): Promise<void> {
    const notes = await notesOf(this.#client)
    for (const [at, one] of this.#breaks.entries()) {
      const last = this.#all.filter(({ history }) => history === one.history - 1).at(-1)
      if (
        last &&
        (last.size > one.ended.size || (last.size === one.ended.size && !sameHash(last.root, one.ended.root)))
      )
        this.#fault(
          `a checkpoint of ${last.size} entries was published, and break ${one.history - 1} says that the history ended at ${one.ended.size}`,
        )
      // A later restore may have taken the entry away again.
      const takenAway = this.#breaks.slice(at + 1).some(({ from }) => from.size <= one.from.size)
      if (!notes.includes(one.note) && !takenAway)
        this.#fault(`break ${one.history - 1} was signed, and no entry of the log states it`)
    }
    for (const note of notes)
      if (!this.#breaks.some((one) => one.note === note))
        this.#fault('an entry states a break of the log that was not signed')
  }

  async #nodeCount(): Promise<void> {
    const [{ size }, from] = [this.#tree, this.#from.size]
    let [expected, levels] = [0, 0]
    const first: number[] = []
    for (let width = 2; width <= size; width *= 2) {
      expected += Math.floor(size / width) - Math.floor(from / width)
      first.push(Math.floor(from / width))
      levels++
    }
    // Each level is one range of the primary key, so subtrees wholly inside the size of `since` are not read.
    const { rows } = await this.#client.query<{ count: string }>(
      `SELECT coalesce(sum(count), 0) AS count FROM (
         SELECT (SELECT count(*) FROM audit_nodes n WHERE n.level = first.level AND n."index" >= first.at) AS count
         FROM unnest($1::bigint[]) WITH ORDINALITY AS first (at, level)
         UNION ALL SELECT count(*) FROM audit_nodes WHERE level > $2 OR level < 1
       ) counts`,
      [first, levels],
    )
    if (Number(rows[0]?.count) !== expected)
      this.#fault(`${rows[0]?.count} subtrees are kept of ${size} leaves, which make ${expected}`)
  }

  /** Counts the entries without a leaf. New ones wait for the next sealing; one among sealed entries is a fault. */
  async #unsealed(): Promise<number> {
    const { rows } = await this.#client.query<{ id: string; late: boolean }>(
      `SELECT e.id, e.id <= $1::bigint AS late FROM audit_entries e
       WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id)
         AND ($3 OR e.id > $2::bigint) ORDER BY e.id`,
      [String(this.#highId), this.#from.settledId, this.#from.size === 0],
    )
    for (const { id } of rows.filter(({ late }) => late).slice(0, ENOUGH))
      this.#fault(
        `entry ${id} stands among sealed ones and is not sealed (one that was committed in this very minute will be: verify again in two)`,
      )
    return rows.length
  }
}

import '#server-only'
import { judgeReceipt, readReceiptProof } from '#features/ratings/receipts/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import {
  consistencyRanges,
  type Hash,
  inclusionRanges,
  type LeafRange,
  nodesOf,
  rangeHash,
} from '#lib/transparency/tree.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import type { AuditAct, SubjectKind } from '../entries/names-rules.ts'
import { type AuditEntry, hashOfLeaf, textOf } from '../entries/rules.ts'
import { findNewestHead, listStatedBreaks, readHashes, readLogSigners } from '../sealing/data.ts'
import { findPublishable, listCosignatures } from '../witnesses/data.ts'
import {
  type CodeState,
  type EntryPlace,
  type Judged,
  judgeCode,
  type NamedEntry,
  proofCode,
} from './code-rules.ts'
import {
  type EntryProof,
  judgeProof,
  type LogNow,
  PROOF_FORMAT,
  type PublicProof,
  readEntryProof,
} from './rules.ts'
import { judgeStory, LONGEST_STORY, readStory, STORY_FORMAT, type StoryProof } from './story-rules.ts'

/** Both are null until the entry is sealed. */
export type SealedEntry = AuditEntry & { readonly index: number | null; readonly leafHash: Hash | null }

async function withLeaf(
  row: NonNullable<Awaited<ReturnType<typeof db.auditEntry.findUnique>>>,
): Promise<SealedEntry> {
  const leaf = await db.auditLeaf.findUnique({ where: { entryId: row.id } })
  return {
    ...row,
    id: String(row.id),
    index: leaf ? Number(leaf.index) : null,
    leafHash: leaf?.hash ?? null,
  }
}

/** Returns those entries that are in the tree of a size, each with its place. */
async function placeEntries<Row extends { readonly id: bigint }>(rows: readonly Row[], size: number) {
  const leaves = await db.auditLeaf.findMany({
    where: { entryId: { in: rows.map(({ id }) => id) }, index: { lt: size } },
    select: { entryId: true, index: true },
  })
  const places = new Map(leaves.map(({ entryId, index }) => [entryId, Number(index)]))
  return rows.flatMap((row) => {
    const index = places.get(row.id)
    return index === undefined ? [] : [{ ...row, id: String(row.id), index }]
  })
}

async function submissionOf(caseId: string): Promise<SealedEntry | null> {
  const row = await db.auditEntry.findFirst({
    where: { subjectKind: 'case', subjectId: caseId, act: 'case.submit' },
    orderBy: { id: 'asc' },
  })
  return row && withLeaf(row)
}

/** Returns the first head that covers an entry and has enough witnesses; before there is one, the first that covers it. */
async function headOver(entries: number): Promise<{ size: number; note: string; sealedAt: Date } | null> {
  const witnessed = await findPublishable(entries)
  if (witnessed) return witnessed
  const head = await db.auditHead.findFirst({ where: { size: { gte: entries } }, orderBy: { size: 'asc' } })
  return head && { size: Number(head.size), note: head.note, sealedAt: head.sealedAt }
}

/** Returns the newest head with enough witnesses; before there is one, the newest. */
const newestHead = async () => (await findPublishable()) ?? (await findNewestHead())

/** Returns the hashes for several proofs, from stored subtrees, in one read. */
async function hashesOfProofs(proofs: readonly (readonly LeafRange[])[]): Promise<Hash[][]> {
  const hashOf = await readHashes(proofs.flat().flatMap(nodesOf))
  return proofs.map((ranges) => ranges.map((range) => rangeHash(sha256, range, hashOf)))
}

const rangeHashes = async (ranges: readonly LeafRange[]): Promise<Hash[]> =>
  (await hashesOfProofs([ranges])).flat()

interface ProvenEntry {
  readonly entry: SealedEntry
  readonly proof: EntryProof | null
}

export const readEntryWithProof = async (actor: StaffActor, id: bigint): Promise<ProvenEntry | null> =>
  may(actor.role, 'audit:read') ? provenEntry(id) : null

async function provenEntry(id: bigint): Promise<ProvenEntry | null> {
  const row = await db.auditEntry.findUnique({ where: { id } })
  return row && proofOf(await withLeaf(row))
}

/** Returns the proof of a public entry; null until it is sealed. */
export const proveEntry = async (id: bigint): Promise<EntryProof | null> =>
  (await provenEntry(id))?.proof ?? null

async function proofOf(entry: SealedEntry): Promise<ProvenEntry> {
  const head = entry.index === null ? null : await headOver(entry.index + 1)
  if (entry.index === null || head === null) return { entry, proof: null }
  return {
    entry,
    proof: {
      format: PROOF_FORMAT,
      leaf: textOf(entry),
      index: entry.index,
      size: head.size,
      proof: (await rangeHashes(inclusionRanges(entry.index, head.size))).map(toBase64),
      checkpoint: head.note,
    },
  }
}

/** Returns the proof that a case was sent; null until its entry is sealed, within a minute. */
export async function readSubmissionProof(caseId: string): Promise<EntryProof | null> {
  const entry = await submissionOf(caseId)
  return entry && (await proofOf(entry)).proof
}

export async function readStoryWithProofs(caseId: string): Promise<StoryProof | null> {
  const head = await newestHead()
  if (!head) return null
  const page = { orderBy: { id: 'asc' }, take: LONGEST_STORY } as const
  const found = await placeEntries(await db.auditEntry.findMany({ where: { caseId }, ...page }), head.size)
  if (found.length === 0) return null
  const proofs = await hashesOfProofs(found.map(({ index }) => inclusionRanges(index, head.size)))
  return {
    format: STORY_FORMAT,
    caseId,
    entries: found.map((entry, at) => ({
      leaf: textOf(entry),
      index: entry.index,
      proof: (proofs[at] ?? []).map(toBase64),
    })),
    left: (await db.auditEntry.count({ where: { caseId } })) - found.length,
    size: head.size,
    checkpoint: head.note,
  }
}

export interface ProvenSubject {
  readonly facts: Readonly<Record<string, unknown>>
  /** The entry's text (`textOf`), from which the leaf is made. */
  readonly entry: string
  readonly index: number
  readonly proof: string[]
}

/**
 * Returns the entries of one act about some subjects with their proofs under the newest head, newest first, and the proof that
 * the log of `known` entries is its beginning. The number of reads does not depend on the number of subjects.
 */
export async function proveEntries(
  subjectKind: SubjectKind,
  act: AuditAct,
  subjectIds: readonly string[],
  known = 0,
): Promise<{
  readonly checkpoint: string | null
  readonly growth: string[] | null
  readonly entries: ProvenSubject[]
}> {
  const head = await findPublishable()
  if (!head) return { checkpoint: null, growth: null, entries: [] }
  const isOlder = known >= 1 && known <= head.size
  const growth = isOlder ? (await rangeHashes(consistencyRanges(known, head.size))).map(toBase64) : null
  if (subjectIds.length === 0) return { checkpoint: head.note, growth, entries: [] }
  const rows = await db.auditEntry.findMany({
    where: { subjectKind, subjectId: { in: [...new Set(subjectIds)] }, act },
    orderBy: { id: 'desc' },
  })
  const found = await placeEntries(rows, head.size)
  const proofs = await hashesOfProofs(found.map(({ index }) => inclusionRanges(index, head.size)))
  const entries = found.map((entry, at) => ({
    facts: entry.facts as Readonly<Record<string, unknown>>,
    entry: textOf(entry),
    index: entry.index,
    proof: (proofs[at] ?? []).map(toBase64),
  }))
  return { checkpoint: head.note, growth, entries }
}

/**
 * Returns the code on a case's receipt, known as soon as the case is sent. `sealed`: the log covers it, so that the code can be
 * checked and {@link readSubmissionProof} has a file.
 */
export async function readSubmission(caseId: string) {
  const entry = await submissionOf(caseId)
  if (entry === null) return null
  return {
    code: proofCode(BigInt(entry.id), hashOfLeaf(sha256, textOf(entry))),
    sealed:
      entry.index !== null &&
      (await db.auditHead.findFirst({ where: { size: { gt: entry.index } }, select: { size: true } })) !==
        null,
  }
}

/**
 * Returns the newest head for the public, with its witnesses; null before the first. `root` is in base64; `demo`: the witnesses
 * are only a demonstration.
 */
export async function readSealedHead() {
  const head = await newestHead()
  if (head === null) return null
  const cosigned = await listCosignatures(head.size)
  const witnesses = cosigned.map(({ witness, signedAt }) => ({ name: witness, signedAt }))
  return {
    size: head.size,
    root: head.note.split('\n')[2] ?? '',
    sealedAt: head.sealedAt,
    witnesses,
    demo: env().WITNESSES_DEMO === 'on',
  }
}

export const readLatestCheckpoint = async (): Promise<string | null> => (await newestHead())?.note ?? null

const underNewest = async (most: number, ranges: (size: number) => ReturnType<typeof inclusionRanges>) => {
  const published = await newestHead()
  const head = published && published.size >= most ? published : await findNewestHead()
  if (!head || head.size < most) return null
  const proof = await rangeHashes(ranges(head.size))
  return { size: head.size, proof: proof.map(toBase64), checkpoint: head.note }
}

export const proveConsistency = (from: number): Promise<PublicProof | null> =>
  underNewest(from, (size) => consistencyRanges(from, size))

/** Returns the proof that place `index` is in today's log. It has only hashes, which do not reveal an entry. */
export const proveInclusion = (index: number): Promise<PublicProof | null> =>
  underNewest(index + 1, (size) => inclusionRanges(index, size))

export async function placeOfEntry(entry: number): Promise<EntryPlace | null> {
  const leaf = await db.auditLeaf.findUnique({ where: { entryId: BigInt(entry) } })
  const index = Number(leaf?.index)
  const shown = leaf && (await proveInclusion(index))
  return shown && { ...shown, index, leaf: toBase64(leaf.hash) }
}

const LOG: LogNow = {
  consistencyFrom: proveConsistency,
  breaks: async () => (await listStatedBreaks()).map(({ note }) => note),
}

export async function checkProofFile(text: string): Promise<Judged | null> {
  const proof = readEntryProof(text)
  if (proof) return judgeProof(sha256, verifyEd25519, await readLogSigners(), proof, LOG)
  const receipt = readReceiptProof(text)
  if (receipt) {
    const state = await judgeReceipt(sha256, verifyEd25519, await readLogSigners(), receipt, LOG)
    return state === 'holds' ? 'receipt' : state
  }
  const story = readStory(text)
  if (!story) return null
  const state = await judgeStory(sha256, verifyEd25519, await readLogSigners(), story, LOG)
  return state === 'holds' ? 'story' : state
}

export const checkProofCode = async (named: NamedEntry): Promise<CodeState> =>
  judgeCode(sha256, verifyEd25519, await readLogSigners(), named, await placeOfEntry(named.entry))

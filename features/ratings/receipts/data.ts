import '#server-only'
import { proveEntry } from '#features/audit/proofs/data.ts'
import { firstDay, type Month, monthOfDay } from '#features/results/rules.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import {
  GrowingTree,
  type Hash,
  inclusionRanges,
  leafHash,
  type NodeId,
  rangeHash,
} from '#lib/transparency/tree.ts'
import { db, type Tx } from '#platform/db.ts'
import { sha256 } from '#platform/signatures.ts'
import { hashReceipt } from '../rating/data.ts'
import type { ReceiptNumber } from '../rating/rules.ts'
import { RECEIPT_FORMAT, type ReceiptProof } from './rules.ts'

export async function findUnsealedMonths(until: Month): Promise<Month[]> {
  const rows = await db.$queryRaw<{ month: Date }[]>`
    SELECT DISTINCT received_month AS month FROM survey_receipts r
    WHERE received_month <= ${firstDay(until)}::date
      AND NOT EXISTS (SELECT FROM survey_receipt_roots WHERE month = r.received_month)
    ORDER BY 1`
  return rows.map(({ month }) => monthOfDay(month))
}

/** Returns the leaves of a month's receipts in order; one from before the tree is the hash of its stored hash. */
async function readLeaves(tx: Tx, month: Month): Promise<Hash[]> {
  const rows = await tx.$queryRaw<{ leaf: Uint8Array }[]>`
    SELECT coalesce(leaf, sha256(number_hash)) AS leaf FROM survey_receipts
    WHERE received_month = ${firstDay(month)}::date ORDER BY 1`
  return rows.map(({ leaf }) => leafHash(sha256, leaf))
}

export async function readTree(tx: Tx, month: Month) {
  const tree = new GrowingTree(sha256)
  const nodes = new Map<string, Hash>()
  for (const leaf of await readLeaves(tx, month))
    for (const { level, index, hash } of tree.add(leaf)) nodes.set(`${level} ${index}`, hash)
  const hashOf = ({ level, index }: NodeId): Hash => {
    const hash = nodes.get(`${level} ${index}`)
    if (!hash) throw new Error('a tree without one of its nodes')
    return hash
  }
  return { root: tree.root(), size: tree.size, hashOf }
}

export async function countAnswers(tx: Tx) {
  const [row] = await tx.$queryRaw<
    [{ allReceipts: number; counted: number; waiting: number; excluded: number }]
  >`
    SELECT (SELECT count(*) FROM survey_receipts)::int AS "allReceipts",
      ((SELECT count(*) FROM survey_responses WHERE counted)
        + (SELECT count(*) FROM survey_kiosk_responses WHERE counted AND removal_id IS NULL)
        + (SELECT count(*) FROM survey_invited_responses WHERE counted))::int AS counted,
      ((SELECT count(*) FROM survey_responses WHERE NOT counted)
        + (SELECT count(*) FROM survey_kiosk_responses WHERE NOT counted AND removal_id IS NULL)
        + (SELECT count(*) FROM survey_invited_responses WHERE NOT counted))::int AS waiting,
      ((SELECT count(*) FROM survey_excluded_responses)
        + (SELECT count(*) FROM survey_kiosk_responses WHERE removal_id IS NOT NULL))::int AS excluded`
  return row
}

export async function listRoots() {
  const rows = await db.receiptRoot.findMany({ orderBy: { month: 'desc' } })
  return rows.map(({ month, root, ...row }) => ({ ...row, month: monthOfDay(month), root: toBase64(root) }))
}

/** Why a receipt has no proof: its month has no root in the log yet, or it is older than the tree. */
export type NoProof = 'month' | 'before'

const findReceipt = (number: ReceiptNumber) =>
  db.surveyReceipt.findFirst({
    where: { numberHash: hashReceipt(number) },
    select: { leaf: true, receivedMonth: true },
  })

/** Returns the proof that a receipt is one of its month's, or why there is none; null for an unknown number. */
export async function proveReceipt(number: ReceiptNumber): Promise<ReceiptProof | NoProof | null> {
  const receipt = await findReceipt(number)
  if (receipt === null) return null
  if (receipt.leaf === null) return 'before'
  const month = monthOfDay(receipt.receivedMonth)
  const sealed = await db.auditEntry.findFirst({
    where: { subjectKind: 'receipts', subjectId: month, act: 'survey.receipts_root' },
    select: { id: true },
  })
  const entry = sealed && (await proveEntry(sealed.id))
  if (!entry) return 'month'
  const [{ size, hashOf }, index] = await Promise.all([readTree(db, month), placeOf(month, receipt.leaf)])
  const proof = inclusionRanges(index, size).map((range) => toBase64(rangeHash(sha256, range, hashOf)))
  return { format: RECEIPT_FORMAT, receipt: number, month, index, size, proof, entry }
}

/** Returns whether a receipt's proof is available (`ready`), or why not; null for an unknown number. */
export async function findProofState(number: ReceiptNumber): Promise<'ready' | NoProof | null> {
  const receipt = await findReceipt(number)
  if (receipt === null) return null
  if (receipt.leaf === null) return 'before'
  const root = await db.receiptRoot.findUnique({
    where: { month: receipt.receivedMonth },
    select: { month: true },
  })
  return root === null ? 'month' : 'ready'
}

async function placeOf(month: Month, leaf: Uint8Array): Promise<number> {
  const [row] = await db.$queryRaw<[{ before: number }]>`
    SELECT count(*)::int AS before FROM survey_receipts
    WHERE received_month = ${firstDay(month)}::date AND coalesce(leaf, sha256(number_hash)) < ${leaf}`
  return row.before
}

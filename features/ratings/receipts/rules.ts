import {
  type EntryProof,
  isCount,
  judgeProof,
  type LogNow,
  type ProofState,
  readEntryProof,
} from '#features/audit/proofs/rules.ts'
import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import type { Signers, Verify } from '#lib/transparency/note.ts'
import { type Digest, leafHash, rootFromInclusion } from '#lib/transparency/tree.ts'

/** Proves that a receipt is one of its month's, whose root is in the audit log. Written as JSON. */
export interface ReceiptProof {
  readonly format: typeof RECEIPT_FORMAT
  readonly receipt: string
  /** `2026-12` */
  readonly month: string
  /** Its place among the month's receipts, in the order of their leaves. */
  readonly index: number
  readonly size: number
  /** RFC 6962, 2.1.1, each hash in base64. */
  readonly proof: readonly string[]
  /** Proves that the log has the root. */
  readonly entry: EntryProof
}

export const RECEIPT_FORMAT = 'antam-survey-receipt/1'
const LONGEST = 200_000

/** Returns the bytes whose SHA-256 is a receipt's leaf. */
export const receiptLeaf = (month: string, receipt: string): Uint8Array =>
  new TextEncoder().encode(`antam/survey-receipt\n${month}\n${receipt}\n`)

export function readReceiptProof(text: string): ReceiptProof | null {
  if (text.length > LONGEST) return null
  try {
    const { format, receipt, month, index, size, proof, entry } = JSON.parse(text)
    const inLog = readEntryProof(JSON.stringify(entry))
    const fits =
      format === RECEIPT_FORMAT &&
      [receipt, month, ...proof].every((one) => typeof one === 'string') &&
      isCount(index) &&
      isCount(size)
    return fits && inLog ? { format, receipt, month, index, size, proof, entry: inLog } : null
  } catch {
    return null
  }
}

/** Returns the facts in the entry of a month's root; null for another entry. */
function rootOf(leaf: string) {
  try {
    const { act, facts } = JSON.parse(leaf)
    return act === 'survey.receipts_root'
      ? (facts as { readonly month: unknown; readonly root: unknown; readonly receipts: unknown })
      : null
  } catch {
    return null
  }
}

/** Checks whether a receipt is one of its month's and the log has their root; `entry` if it does not fit the entry. */
export async function judgeReceipt(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  { receipt, month, index, size, proof, entry }: ReceiptProof,
  log: LogNow,
): Promise<ProofState> {
  const said = rootOf(entry.leaf)
  const leaf = await leafHash(sha256, await sha256(receiptLeaf(month, receipt)))
  const hashes = proof.map(fromBase64).filter((one) => one !== null)
  const root = await rootFromInclusion(sha256, leaf, index, size, hashes)
  const fits =
    root !== null && said?.month === month && said.receipts === size && said.root === toBase64(root)
  return fits ? judgeProof(sha256, verify, signers, entry, log) : 'entry'
}

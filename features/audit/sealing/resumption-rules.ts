import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import { readNote, type Sign, type Verifier, type Verify, writeNote } from '#lib/transparency/note.ts'
import type { Digest, Sha256 } from '#lib/transparency/tree.ts'
import type { TreeHead } from './rules.ts'

/**
 * A stated and signed break of the log: it was continued from a database that lacks the newest entries, as after a
 * restore. The history published until then ends, and another history of the log begins.
 */
export interface Resumption {
  /** The number of the history that begins: 2 at the first break. */
  readonly history: number
  /** The last head that was published of the history before. */
  readonly ended: TreeHead
  /** The last head that both histories have; of no entries where they have none in common. */
  readonly from: TreeHead
  /** ISO 8601, UTC. */
  readonly at: string
  readonly reason: string
}

/** Returns the number of published entries that the continued log does not have. */
export const lostEntries = ({ ended, from }: Pick<Resumption, 'ended' | 'from'>): number =>
  Math.max(0, ended.size - from.size)

/** A break as the public interface gives it: the content of its note, and the note itself, by which it is checked. */
export interface PublicBreak {
  readonly history: number
  readonly ended: { readonly size: number; readonly root: string }
  readonly from: { readonly size: number; readonly root: string }
  readonly lost: number
  readonly at: string
  readonly reason: string
  readonly note: string
}

export const LONGEST_REASON = 300

const HASH = 32
const head = ({ size, root }: TreeHead): string => `${size} ${toBase64(root)}`
const HEAD = String.raw`(0|[1-9]\d{0,15}) (\S{44})`
const BODY = new RegExp(
  String.raw`^(\S+)/resumed\nhistory ([1-9]\d{0,5})\nended ${HEAD}\nfrom ${HEAD}\nat (\S+Z)\nreason ([^\n]+)\n$`,
)

/** Returns a break as a signed note (c2sp.org/signed-note); no checkpoint can be read from it. */
export const writeResumption = (
  sha256: Sha256,
  { history, ended, from, at, reason }: Resumption,
  signer: Verifier,
  sign: Sign,
): string =>
  writeNote(
    sha256,
    `${signer.name}/resumed\nhistory ${history}\nended ${head(ended)}\nfrom ${head(from)}\nat ${at}\nreason ${reason}\n`,
    signer,
    sign,
  )

/**
 * Returns the break that `verifier` signed; null where the text is no such note, was changed, or has another signer.
 */
export async function readResumption(
  sha256: Digest,
  note: string,
  verifier: Verifier,
  verify: Verify,
): Promise<Resumption | null> {
  const text = await readNote(sha256, note, verifier, verify)
  const [, origin, history, ended, endedRoot = '', from, fromRoot = '', at = '', reason = ''] =
    BODY.exec(text ?? '') ?? []
  const [before, common] = [fromBase64(endedRoot), fromBase64(fromRoot)]
  if (origin !== verifier.name || before?.length !== HASH || common?.length !== HASH) return null
  return {
    history: Number(history),
    ended: { size: Number(ended), root: before },
    from: { size: Number(from), root: common },
    at,
    reason,
  }
}

export const holdsAfterBreaks = (
  { size, history }: { readonly size: number; readonly history: number },
  breaks: readonly Resumption[],
): boolean => breaks.every((one) => one.history <= history || size <= one.from.size)

/** Tells whether a stated break explains why today's log does not match a checkpoint of `size` entries. */
export const isExplainedByBreak = (breaks: readonly Resumption[], size: number): boolean =>
  breaks.some(({ from, ended }) => size > from.size && size <= ended.size)

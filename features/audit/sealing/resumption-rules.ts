import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import {
  readByAny,
  readNote,
  readVerifier,
  type Sign,
  type Signers,
  type Verifier,
  type Verify,
  writeNote,
  writeVerifier,
} from '#lib/transparency/note.ts'
import type { Digest, Sha256 } from '#lib/transparency/tree.ts'
import type { TreeHead } from './rules.ts'

/**
 * A stated and signed break of the log: it continued from a database without the newest entries, as after a restore. The history
 * published until then ends, and a new one begins.
 */
export interface Resumption {
  /** The number of the history that begins: 2 at the first break. */
  readonly history: number
  /** The last published head of the history before. */
  readonly ended: TreeHead
  /** The last head that both histories have; of size 0 if there is none. */
  readonly from: TreeHead
  /** ISO 8601, UTC. */
  readonly at: string
  readonly reason: string
  /** The log's former and next key, if its name or key changes. */
  readonly keys: { readonly before: Verifier; readonly next: Verifier } | null
}

export const lostEntries = ({ ended, from }: Pick<Resumption, 'ended' | 'from'>): number =>
  Math.max(0, ended.size - from.size)

/** Checks that nothing broke: the log continues from its last head, under another name or key. */
export const isRenaming = ({ ended, from, keys }: Resumption): boolean =>
  keys !== null && ended.size === from.size && toBase64(ended.root) === toBase64(from.root)

/** A break in the public interface: the note, and its content for convenience. */
export interface PublicBreak {
  readonly history: number
  readonly ended: { readonly size: number; readonly root: string }
  readonly from: { readonly size: number; readonly root: string }
  readonly lost: number
  readonly keys: { readonly before: string; readonly next: string } | null
  readonly at: string
  readonly reason: string
  readonly note: string
}

export const LONGEST_REASON = 300

const HASH = 32
const head = ({ size, root }: TreeHead): string => `${size} ${toBase64(root)}`
const HEAD = String.raw`(0|[1-9]\d{0,15}) (\S{44})`
const BODY = new RegExp(
  String.raw`^(\S+)/resumed\nhistory ([1-9]\d{0,5})\nended ${HEAD}\nfrom ${HEAD}\nat (\S+Z)\nreason ([^\n]+)\n(?:before (\S+)\nnext (\S+)\n)?$`,
)

/**
 * Writes a break as a signed note (c2sp.org/signed-note), which cannot be read as a checkpoint. If the log changes its key, the
 * last of `signers` is the new one.
 */
export function writeResumption(
  sha256: Sha256,
  { history, ended, from, at, reason, keys }: Resumption,
  ...signers: readonly (readonly [Verifier, Sign])[]
): string {
  const [name, ...others] = signers
  if (!name) throw new Error('a break is signed by the key of its log')
  const line = (one: Verifier): string => writeVerifier(sha256, one)
  const change = keys ? `before ${line(keys.before)}\nnext ${line(keys.next)}\n` : ''
  const text = `${name[0].name}/resumed\nhistory ${history}\nended ${head(ended)}\nfrom ${head(from)}\nat ${at}\nreason ${reason}\n${change}`
  return others.reduce(
    (note, [signer, sign]) => note + writeNote(sha256, text, signer, sign).slice(text.length + 1),
    writeNote(sha256, text, ...name),
  )
}

/**
 * Returns the break signed by one of `signers`; null for another kind of text, a changed one, or another signer. A change of the
 * log's key must be signed by both keys.
 */
export const readResumption = (
  sha256: Digest,
  note: string,
  signers: Signers,
  verify: Verify,
): Promise<Resumption | null> =>
  readByAny(signers, async (signer) => {
    const text = await readNote(sha256, note, signer, verify)
    const [, origin, history, ended, endedRoot = '', from, fromRoot = '', at = '', reason = '', old, to] =
      BODY.exec(text ?? '') ?? []
    const [before, common] = [fromBase64(endedRoot), fromBase64(fromRoot)]
    if (before?.length !== HASH || common?.length !== HASH) return null
    const keys = old && to ? await readKeys(sha256, note, [old, to], verify) : null
    if (old && !keys) return null
    if (origin !== (keys ? keys.before.name : signer.name)) return null
    return {
      history: Number(history),
      ended: { size: Number(ended), root: before },
      from: { size: Number(from), root: common },
      at,
      reason,
      keys,
    }
  })

async function readKeys(
  sha256: Digest,
  note: string,
  lines: readonly [string, string],
  verify: Verify,
): Promise<Resumption['keys']> {
  const [before, next] = await Promise.all(lines.map((line) => readVerifier(sha256, line)))
  if (!before || !next) return null
  const signed = await Promise.all([before, next].map((one) => readNote(sha256, note, one, verify)))
  return signed.includes(null) ? null : { before, next }
}

/**
 * Returns the keys of a log, `today`'s first: each change of key leads one back. An earlier key is valid only for the entries
 * that the log had when the key changed.
 */
export async function readSigners(
  sha256: Digest,
  verify: Verify,
  today: Verifier,
  notes: readonly string[],
): Promise<readonly [Verifier, ...Verifier[]]> {
  const signers: [Verifier, ...Verifier[]] = [today]
  const left = new Set(notes)
  for (let key = today, found = true; found; ) {
    found = false
    for (const note of left) {
      const change = await readResumption(sha256, note, key, verify)
      if (!change?.keys || !isSameKey(change.keys.next, key)) continue
      key = { ...change.keys.before, until: change.ended.size }
      signers.push(key)
      left.delete(note)
      found = true
      break
    }
  }
  return signers
}

const isSameKey = (a: Verifier, b: Verifier): boolean =>
  a.name === b.name && toBase64(a.publicKey) === toBase64(b.publicKey)

export const holdsAfterBreaks = (
  { size, history }: { readonly size: number; readonly history: number },
  breaks: readonly Resumption[],
): boolean => breaks.every((one) => one.history <= history || size <= one.from.size)

/** Checks whether a stated break explains why today's log does not match a checkpoint of `size` entries. */
export const isExplainedByBreak = (breaks: readonly Resumption[], size: number): boolean =>
  breaks.some(({ from, ended }) => size > from.size && size <= ended.size)

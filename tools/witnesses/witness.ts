import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { readCheckpoint } from '#features/audit/sealing/rules.ts'
import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import { writeCosignature } from '#lib/transparency/cosignature.ts'
import { COSIGNATURE, type Verifier, writeVerifier } from '#lib/transparency/note.ts'
import { isConsistent } from '#lib/transparency/tree.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'

interface Seen {
  readonly size: number
  /** In base64. */
  readonly root: string
}

interface State {
  readonly seed: string
  readonly logs: Record<string, Seen>
}

export interface WitnessAnswer {
  readonly status: number
  readonly body: string
  readonly type?: string
}

export interface DemoWitness {
  /** Its key as one line. */
  readonly line: string
  answer(body: string): Promise<WitnessAnswer>
}

const REQUEST = /^old (0|[1-9]\d{0,15})\n((?:\S+\n){0,63})\n(.+)$/s

/**
 * Returns a witness of a log (c2sp.org/tlog-witness): it signs each head for which it gets a proof that the log begins
 * with the previous head, which it remembers. Its state is in one file, including the key. It handles one request at a
 * time.
 */
export function demoWitness(name: string, file: string, log: Verifier): DemoWitness {
  const state = readState(file)
  const { sign, publicKey } = ed25519(Buffer.from(state.seed, 'base64'))
  const self = { name, publicKey }
  let last: Promise<unknown> = Promise.resolve()

  async function answer(body: string): Promise<WitnessAnswer> {
    const [, before, lines = '', note = ''] = REQUEST.exec(body) ?? []
    const proof = lines.split('\n').slice(0, -1).map(fromBase64)
    const hashes = proof.filter((one) => one !== null)
    if (before === undefined || hashes.length !== proof.length) return { status: 400, body: 'bad request\n' }
    if (note.split('\n')[0] !== log.name) return { status: 404, body: 'unknown log\n' }
    const head = await readCheckpoint(sha256, note, log, verifyEd25519)
    if (!head) return { status: 403, body: 'not signed by this log\n' }
    const old = Number(before)
    if (old > head.size) return { status: 400, body: 'the old size is larger\n' }
    const seen = state.logs[log.name]
    if (old !== (seen?.size ?? 0))
      return { status: 409, body: `${seen?.size ?? 0}\n`, type: 'text/x.tlog.size' }
    const root = toBase64(head.root)
    if (seen && seen.size === head.size && seen.root !== root) return { status: 409, body: `${seen.size}\n` }
    const grown =
      old === 0
        ? hashes.length === 0
        : await isConsistent(
            sha256,
            { size: old, root: fromBase64(seen?.root ?? '') as Uint8Array },
            head,
            hashes,
          )
    if (!grown) return { status: 422, body: 'the proof does not hold\n' }
    state.logs[log.name] = { size: head.size, root }
    writeState(file, state)
    return { status: 200, body: writeCosignature(sha256, note, self, sign, Math.floor(Date.now() / 1000)) }
  }

  return {
    line: writeVerifier(sha256, self, COSIGNATURE),
    answer(body) {
      const next = last.then(() => answer(body))
      last = next.catch(() => {})
      return next
    },
  }
}

function readState(file: string): State {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  const made: State = { seed: randomBytes(32).toString('base64'), logs: {} }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeState(file, made)
  return made
}

/** Replaces the witness's state file as a whole, before the answer is sent: it never forgets a signature. */
function writeState(file: string, state: State): void {
  const handle = openSync(`${file}.new`, 'w', 0o600)
  try {
    writeSync(handle, `${JSON.stringify(state)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(`${file}.new`, file)
}

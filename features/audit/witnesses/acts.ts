import '#server-only'
import type { Instant } from '#lib/time.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { readCosignature } from '#lib/transparency/cosignature.ts'
import { consistencyRanges, type Hash, nodesOf, rangeHash } from '#lib/transparency/tree.ts'
import { log } from '#platform/log.ts'
import { sha256, verifyWitness } from '#platform/signatures.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { readHashes } from '../sealing/data.ts'
import {
  findSignedSize,
  keepCosignature,
  listCosignatures,
  listWitnesses,
  readQuorum,
  type Witness,
} from './data.ts'

/** Milliseconds for a witness's whole answer. */
const PATIENCE = 5_000
const LONGEST_ANSWER = 16_384
/** Milliseconds by which the time in a signature may differ from ours. */
const CLOCK_APART = 10 * 60_000
/** The fault by HTTP status. `unknown`: the witness does not know this log; `key`: not under this key. */
const FAULTS: Readonly<Record<number, string>> = { 403: 'key', 404: 'unknown', 409: 'ahead', 422: 'proof' }
/** Milliseconds after which a witness signs the same head again, as a sign that the log has not changed. */
const FRESH = 60 * 60_000

interface Head {
  readonly size: number
  readonly note: string
}

/**
 * Asks all witnesses at once to sign a head that they have not signed lately, and stores their signatures. Reports to health and
 * operators if too few have signed.
 */
export async function askWitnesses(head: Head, now: Instant): Promise<void> {
  const witnesses = await listWitnesses()
  const kept = await listCosignatures(head.size)
  const due = witnesses.filter(({ name }) => {
    const signed = kept.find(({ witness }) => witness === name)
    return !signed || now.getTime() - signed.signedAt.getTime() > FRESH
  })
  await Promise.all(
    due.map(async (witness) => {
      const fault = await askWitness(witness, head, now)
      if (fault !== null)
        log().warn({ witness: witness.name, fault, size: head.size }, 'a witness has not signed')
    }),
  )
  const [signed, quorum] = [(await listCosignatures(head.size)).length, readQuorum()]
  if (signed >= quorum) await clearTrouble('audit-witness')
  else await reportTrouble('audit-witness', 'no_quorum', { signed, quorum, size: head.size })
}

async function askWitness(witness: Witness, head: Head, now: Instant): Promise<string | null> {
  const known = await findSignedSize(witness.name)
  let old = Math.min(known, head.size)
  try {
    let answer = await post(witness, head, old)
    const size = answer.status === 409 ? readSize(answer.text) : null
    // The size that it signed last differs from the one we know: try again from there.
    if (size !== null && size <= head.size && size !== old) {
      old = size
      answer = await post(witness, head, old)
    }
    if (answer.status !== 200) return FAULTS[answer.status] ?? (answer.status >= 500 ? 'away' : 'refused')
    const read = await readCosignature(sha256, head.note, answer.text, witness, verifyWitness)
    if (!read) return 'signature'
    if (Math.abs(read.at.getTime() - now.getTime()) > CLOCK_APART) return 'clock'
    await keepCosignature(head.size, witness.name, read.line, read.at)
    return null
  } catch (error) {
    if (error instanceof NoAnswer) return 'away'
    throw error
  }
}

/** Returns the size that a witness signed last, from its answer; null if it gives none. */
function readSize(answer: string): number | null {
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(answer) ?? []
  return size === undefined ? null : Number(size)
}

class NoAnswer extends Error {}

async function post({ url }: Witness, { size, note }: Head, old: number) {
  const body = writeRequest(old, await proveGrowth(old, size), note)
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    return { status: response.status, text: await readShort(response) }
  } catch (cause) {
    throw new NoAnswer('a witness did not answer', { cause })
  }
}

/** Writes the request to a witness (c2sp.org/tlog-witness, add-checkpoint). */
const writeRequest = (old: number, proof: readonly Hash[], checkpoint: string): string =>
  `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`

async function proveGrowth(old: number, size: number): Promise<Hash[]> {
  if (old === 0 || old === size) return []
  const ranges = consistencyRanges(old, size)
  const hashOf = await readHashes(ranges.flatMap(nodesOf))
  return ranges.map((range) => rangeHash(sha256, range, hashOf))
}

async function readShort(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true })
    if (text.length > LONGEST_ANSWER) throw new Error('a witness answers too much')
  }
  return text
}

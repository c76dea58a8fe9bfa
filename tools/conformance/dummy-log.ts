import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { writeCheckpoint } from '#features/audit/sealing/rules.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { writeVerifier } from '#lib/transparency/note.ts'
import {
  GrowingTree,
  type Hash,
  inclusionRanges,
  leafHash,
  type NodeId,
  rangeHash,
  type Sha256,
} from '#lib/transparency/tree.ts'

const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** A log with a key of its own, which says of dummy lines that they were ordered. */
export class DummyLog {
  readonly #key = generateKeyPairSync('ed25519')
  readonly #signer = {
    name: 'antam/conformance',
    publicKey: Buffer.from(this.#key.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  }
  readonly #tree = new GrowingTree(sha256)
  readonly #nodes = new Map<string, Hash>()
  readonly #entries: string[] = []

  /** The public key as one line, in the form in which the authority shows its own. */
  get verifier(): string {
    return writeVerifier(sha256, this.#signer)
  }

  /** Writes the entry of a line and seals it; returns its place. */
  add(carrier: string, seq: number, order: string, line: string): number {
    const entry = canonicalJson({
      ...{ v: 3, id: String(this.#entries.length + 1), at: new Date().toISOString() },
      ...{ actorKind: 'system', actorId: null, act: 'order.line', subjectKind: 'order', subjectId: order },
      ...{ requestId: randomUUID(), caseId: null, beforeHash: null, afterHash: null },
      facts: {
        carrier,
        seq,
        lineHash: Buffer.from(sha256(Buffer.from(line))).toString('hex'),
        caseHash: null,
      },
    })
    for (const { level, index, hash } of this.#tree.add(leafHash(sha256, sha256(Buffer.from(entry)))))
      this.#nodes.set(`${level}/${index}`, hash)
    return this.#entries.push(entry) - 1
  }

  entry(index: number): string {
    return this.#entries[index] ?? ''
  }

  /** Returns the proof of an entry against today's checkpoint. */
  proof(index: number): string[] {
    const hashOf = ({ level, index: at }: NodeId) => this.#nodes.get(`${level}/${at}`) as Hash
    return inclusionRanges(index, this.#tree.size).map((range) => toBase64(rangeHash(sha256, range, hashOf)))
  }

  checkpoint(): string | null {
    if (this.#tree.size === 0) return null
    const head = { size: this.#tree.size, root: this.#tree.root() }
    return writeCheckpoint(sha256, head, this.#signer, (message) => sign(null, message, this.#key.privateKey))
  }
}

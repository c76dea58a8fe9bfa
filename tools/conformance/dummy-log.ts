import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { writeCheckpoint } from '#features/audit/sealing/rules.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { writeCosignature } from '#lib/transparency/cosignature.ts'
import { COSIGNATURE, writeVerifier } from '#lib/transparency/note.ts'
import {
  consistencyRanges,
  GrowingTree,
  type Hash,
  inclusionRanges,
  type LeafRange,
  leafHash,
  type NodeId,
  rangeHash,
} from '#lib/transparency/tree.ts'
import { sha256 } from '../carriers/proofs.ts'

const makeSigner = (name: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  return { name, publicKey: raw, sign: (message: Uint8Array) => sign(null, message, privateKey) }
}

/** A log with its own key and witness, whose entries say that dummy lines were ordered. */
export class DummyLog {
  readonly #signer: ReturnType<typeof makeSigner>
  readonly #witness: ReturnType<typeof makeSigner>
  readonly #tree = new GrowingTree(sha256)
  readonly #nodes = new Map<string, Hash>()
  readonly #entries: string[] = []

  /** @param same starts a fork of this log with the same keys, which no honest operator would do */
  constructor(same?: DummyLog) {
    this.#signer = same ? same.#signer : makeSigner('antam/conformance')
    this.#witness = same ? same.#witness : makeSigner('witness.example/conformance')
  }

  /** The public key as one line, in the authority's form. */
  get verifier(): string {
    return writeVerifier(sha256, this.#signer)
  }

  /** The policy that requires the signature of its witness (c2sp.org/tlog-policy). */
  get policy(): string {
    const { name } = this.#witness
    return `log ${this.verifier}\nwitness ${name} ${writeVerifier(sha256, this.#witness, COSIGNATURE)}\ngroup witnesses 1 ${name}\nquorum witnesses\n`
  }

  /** Seals the entry of a line; returns its index. */
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

  /** Returns the proof of an entry against the current checkpoint. */
  proof(index: number): string[] {
    return inclusionRanges(index, this.#tree.size).map((range) => this.#hashOf(range))
  }

  /** Returns the proof that the log begins with the same `known` entries; null for none, or for more than there are. */
  growth(known: number): string[] | null {
    if (known < 1 || known > this.#tree.size) return null
    return consistencyRanges(known, this.#tree.size).map((range) => this.#hashOf(range))
  }

  #hashOf(range: LeafRange): string {
    const hashOf = ({ level, index: at }: NodeId) => this.#nodes.get(`${level}/${at}`) as Hash
    return toBase64(rangeHash(sha256, range, hashOf))
  }

  /** Returns its signed head, optionally without the witness's signature. */
  checkpoint(witnessed = true): string | null {
    if (this.#tree.size === 0) return null
    const head = { size: this.#tree.size, root: this.#tree.root() }
    const note = writeCheckpoint(sha256, head, this.#signer, this.#signer.sign)
    const seconds = Math.floor(Date.now() / 1000)
    const cosignature = writeCosignature(sha256, note, this.#witness, this.#witness.sign, seconds)
    return witnessed ? note + cosignature : note
  }
}

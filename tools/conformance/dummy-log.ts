import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
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
  type Sha256,
} from '#lib/transparency/tree.ts'

const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const makeSigner = (name: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  return { name, publicKey: raw, sign: (message: Uint8Array) => sign(null, message, privateKey) }
}

/** A log with a key and a witness of its own, which says of dummy lines that they were ordered. */
export class DummyLog {
  readonly #signer: ReturnType<typeof makeSigner>
  readonly #witness: ReturnType<typeof makeSigner>
  readonly #tree = new GrowingTree(sha256)
  readonly #nodes = new Map<string, Hash>()
  readonly #entries: string[] = []

  /** @param same begins another log with the keys of this one, as nobody may who runs one */
  constructor(same?: DummyLog) {
    this.#signer = same ? same.#signer : makeSigner('antam/conformance')
    this.#witness = same ? same.#witness : makeSigner('witness.example/conformance')
  }

  /** The public key as one line, in the form in which the authority shows its own. */
  get verifier(): string {
    return writeVerifier(sha256, this.#signer)
  }

  /** Says that its witness has to sign (c2sp.org/tlog-policy). */
  get policy(): string {
    const { name } = this.#witness
    return `log ${this.verifier}\nwitness ${name} ${writeVerifier(sha256, this.#witness, COSIGNATURE)}\ngroup witnesses 1 ${name}\nquorum witnesses\n`
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
    return inclusionRanges(index, this.#tree.size).map((range) => this.#hashOf(range))
  }

  /** Returns the proof that the log of `known` entries is its beginning; null of none, or of more than there are. */
  growth(known: number): string[] | null {
    if (known < 1 || known > this.#tree.size) return null
    return consistencyRanges(known, this.#tree.size).map((range) => this.#hashOf(range))
  }

  #hashOf(range: LeafRange): string {
    const hashOf = ({ level, index: at }: NodeId) => this.#nodes.get(`${level}/${at}`) as Hash
    return toBase64(rangeHash(sha256, range, hashOf))
  }

  /** Returns its signed head, with the signature of its witness unless that has not signed. */
  checkpoint(witnessed = true): string | null {
    if (this.#tree.size === 0) return null
    const head = { size: this.#tree.size, root: this.#tree.root() }
    const note = writeCheckpoint(sha256, head, this.#signer, this.#signer.sign)
    const seconds = Math.floor(Date.now() / 1000)
    const cosignature = writeCosignature(sha256, note, this.#witness, this.#witness.sign, seconds)
    return witnessed ? note + cosignature : note
  }
}

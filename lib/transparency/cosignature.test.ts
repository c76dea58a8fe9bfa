import { sign as cryptoSign, generateKeyPairSync, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ed25519, sha256, verifyEd25519, verifyWitness } from '#platform/signatures.ts'
import { bodyOf, readCosignature, readWitness, writeCosignature } from './cosignature.ts'
import { COSIGNATURE, ML_DSA_COSIGNATURE, readVerifier, writeNote, writeVerifier } from './note.ts'

const log = ed25519(Buffer.alloc(32, 1))
const BODY = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
const note = writeNote(
  sha256,
  BODY,
  { name: 'example.com/behind-the-sofa', publicKey: log.publicKey },
  log.sign,
)
const { sign, publicKey } = ed25519(Buffer.alloc(32, 2))
const witness = { name: 'witness.example.com/w1', publicKey }
const line = writeCosignature(sha256, note, witness, sign, 1_679_315_147)
const read = (lines: string, of = note) => readCosignature(sha256, of, lines, witness, verifyEd25519)

test('a witness signs two lines and the body, as the standard says', async () => {
  expect(bodyOf(note)).toBe(BODY)
  const bytes = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64')
  expect(bytes).toHaveLength(4 + 8 + 64)
  expect(bytes.readBigUInt64BE(4)).toBe(1_679_315_147n)
  const message = Buffer.from(`cosignature/v1\ntime 1679315147\n${BODY}`)
  expect(await verifyEd25519(publicKey, message, bytes.subarray(12))).toBe(true)
  expect(await read(line)).toEqual({ at: new Date(1_679_315_147_000), line })
})

test('it is found among others, and none that was changed or is of another note or key', async () => {
  const other = { name: witness.name, publicKey: log.publicKey }
  const theirs = writeCosignature(sha256, note, other, log.sign, 5)
  expect((await read(`${theirs}${note.slice(BODY.length + 1)}${line}`))?.line).toBe(line)
  expect(await read(theirs)).toBeNull()
  expect(await read(line, note.replace('20852163', '20852164'))).toBeNull()
  expect(await read(line.replace('w1', 'w2'))).toBeNull()
  await fc.assert(
    fc.asyncProperty(fc.nat(75), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64')
      bytes[at] = (bytes[at] ?? 0) ^ change
      expect(await read(`— ${witness.name} ${bytes.toString('base64')}\n`)).toBeNull()
    }),
  )
  for (const text of [
    '',
    '—',
    '— witness.example.com/w1',
    '— witness.example.com/w1 AAAA',
    line.trim().slice(2),
  ])
    expect(await read(text), text).toBeNull()
})

test('its key has a type of its own', async () => {
  const key = writeVerifier(sha256, witness, COSIGNATURE)
  expect(await readVerifier(sha256, key, COSIGNATURE)).toMatchObject({ name: witness.name })
  expect(await readVerifier(sha256, key), 'it is no log').toBeNull()
  expect(await readVerifier(sha256, writeVerifier(sha256, witness), COSIGNATURE)).toBeNull()
})

test('a witness may sign by ML-DSA-44, over what the standard says', async () => {
  const pair = generateKeyPairSync('ml-dsa-44')
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-1312)
  const quantum = { name: 'witness.example.com/w2', publicKey: raw }
  const key = writeVerifier(sha256, quantum, ML_DSA_COSIGNATURE)
  expect(await readWitness(sha256, key)).toMatchObject({ name: quantum.name })
  expect(await readWitness(sha256, writeVerifier(sha256, witness, COSIGNATURE))).toMatchObject({
    name: witness.name,
  })
  expect(await readWitness(sha256, writeVerifier(sha256, quantum)), 'no log has such a key').toBeNull()
  const by = (message: Uint8Array) => cryptoSign(null, message, pair.privateKey)
  const signed = writeCosignature(sha256, note, quantum, by, 1_679_315_147)
  const bytes = Buffer.from(signed.trim().split(' ')[2] ?? '', 'base64')
  expect(bytes).toHaveLength(4 + 8 + 2420)
  const message = Buffer.concat([
    Buffer.from('subtree/v1\n\0'),
    Buffer.from('\x16witness.example.com/w2'),
    Buffer.from('00000000641850cb', 'hex'),
    Buffer.from('\x1bexample.com/behind-the-sofa'),
    Buffer.from(`${'00'.repeat(8)}00000000013e2dc3`, 'hex'),
    Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64'),
  ])
  expect(verify(null, message, pair.publicKey, bytes.subarray(12))).toBe(true)
  const reads = (lines: string, of = note) => readCosignature(sha256, of, lines, quantum, verifyWitness)
  expect(await reads(`${line}${signed}`)).toEqual({ at: new Date(1_679_315_147_000), line: signed })
  expect(await reads(signed, note.replace('20852163', '20852164'))).toBeNull()
  expect(await reads(`${signed.slice(0, -9)}\n`)).toBeNull()
  bytes[100] = (bytes[100] ?? 0) ^ 1
  expect(await reads(`— ${quantum.name} ${bytes.toString('base64')}\n`)).toBeNull()
})

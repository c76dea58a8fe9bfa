import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkClient } from './client.ts'
import { type Changes, DummyBook } from './dummy-book.ts'

// Tests verify/carrier.py against the authority of the conformance command, and against stored answers that were changed.

beforeAll(() => {
  if (spawnSync('python3', ['--version']).status !== 0)
    throw new Error('There is no python3: install it (Debian: apt-get install python3).')
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrier-py-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function python(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn('python3', ['verify/carrier.py', ...args], {
    env: { ...process.env, CARRIER_KEY: 'key' },
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  return { code, said }
}

test('it conforms: it takes what is right, and no forged line', async () => {
  let child: ChildProcess | undefined
  const verdicts = await checkClient({
    port: 0,
    apiKey: 'key',
    patienceMs: 30_000,
    troubleMs: 500,
    ready: (url) => {
      const args = ['verify/carrier.py', 'run', url, join(folder, 'state.json')]
      child = spawn('python3', args, { env: { ...process.env, CARRIER_KEY: 'key' }, stdio: 'ignore' })
    },
  })
  child?.kill()
  expect(verdicts.filter(({ fault }) => fault !== null)).toEqual([])
  const state = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))
  expect(state.waiting).toHaveLength(1)
})

test('a smaller head has not grown, though a path is made up that leads from the kept root to it', async () => {
  const made = `
import sys
sys.path.insert(0, "verify")
from carrier import grown, sha256
from base64 import b64encode
root, x, leaf = (sha256(text) for text in (b"root", b"x", b"leaf"))
path = [b64encode(one).decode() for one in (root, x, leaf)]
print(grown(10, root, 5, sha256(b"\\1", sha256(b"\\1", root, x), leaf), path), grown(0, root, 5, root, path))`
  const { status, stdout } = spawnSync('python3', ['-B', '-c', made], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, 'False False\n'])
})

test('a policy that is kept outlasts another of the site, until it is given anew; why blocks wait is said once', async () => {
  const [book, other] = [new DummyBook(), new DummyBook()]
  book.add()
  await writeFile(join(folder, 'answer.json'), JSON.stringify(book.changes(0)))
  await writeFile(join(folder, 'before.txt'), other.log.policy)
  await writeFile(join(folder, 'next.txt'), book.log.policy)
  const made = `
import json, sys
sys.path.insert(0, "verify")
from carrier import Carrier, read
folder, log_key = sys.argv[1:]
answer = json.loads(read(folder + "/answer.json"))
for policy in ("before.txt", None, "next.txt", None):
    one = Carrier("http://x", folder + "/kept.json", "key", log_key, policy and read(folder + "/" + policy).decode())
    one.state["carrier"] = answer["carrier"]
    print(one.shown(answer) or one.shown(answer), flush=True)
    one.save()`
  const { status, stdout, stderr } = spawnSync('python3', ['-B', '-c', made, folder, book.log.verifier], {
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([0, 'set()\nset()\n{1}\n{1}\n'])
  expect(stderr.match(/no block counts under it/g)).toHaveLength(2)
})

describe('an answer that was kept', () => {
  const book = new DummyBook()
  for (let count = 0; count < 7; count++) book.add()
  book.add(book.lines[0]?.imei)
  const answer = book.changes(2)

  async function check(kept: object, key = book.log.verifier) {
    const file = join(folder, 'kept.json')
    await writeFile(file, JSON.stringify(kept))
    const policy = join(folder, 'policy.txt')
    await writeFile(policy, book.log.policy)
    return python('check', file, '--log-key', key, '--policy', policy)
  }
  const proofs = (change: (one: Changes['proofs'][number], at: number) => object | null) => ({
    ...answer,
    proofs: answer.proofs.flatMap((one, at) => change(one, at) ?? []),
  })

  test('is proven line by line', async () => {
    const { code, said } = await check(answer)
    expect([code, said.split('\n').slice(0, 2)]).toEqual([0, ['3 block proven', '4 block proven']])
  })

  test.each<readonly [string, object]>([
    [
      'a forged line',
      { ...answer, entries: answer.entries.map((one, at) => (at === 1 ? { ...one, legalBasis: 'x' } : one)) },
    ],
    ['the proofs of one another', proofs((one, at) => ({ ...answer.proofs[at ^ 1], seq: one.seq }))],
    ['proofs cut short', proofs((one) => ({ ...one, proof: one.proof.slice(1) }))],
    ['proofs in another order', proofs((one) => ({ ...one, proof: one.proof.toReversed() }))],
    ['no proofs', proofs(() => null)],
    [
      'an entry that says another act',
      proofs((one) => ({ ...one, entry: one.entry.replace('order.line', 'order.lime') })),
    ],
    [
      'another place',
      { ...answer, entries: answer.entries.map((one) => ({ ...one, leaf: (one.leaf ?? 0) + 1 })) },
    ],
    ['no place', { ...answer, entries: answer.entries.map((one) => ({ ...one, leaf: null })) }],
    ['another carrier’s lines', { ...answer, carrier: 'othertel' }],
    [
      'a checkpoint that was changed',
      { ...answer, checkpoint: answer.checkpoint?.replace(/\n\d+\n/, '\n9\n') },
    ],
    ['a checkpoint of another log', { ...answer, checkpoint: otherCheckpoint() }],
    ['no checkpoint', { ...answer, checkpoint: null }],
    ['a checkpoint that no witness signed', { ...answer, checkpoint: book.log.checkpoint(false) }],
  ])('with %s is not', async (_, kept) => {
    const { code, said } = await check(kept)
    expect([code, said]).toEqual([1, expect.stringContaining('block NOT proven')])
  })

  test('of another log is not', async () => {
    const { code, said } = await check(answer, new DummyBook().log.verifier)
    expect([code, said]).toEqual([1, expect.stringContaining('block NOT proven')])
  })

  test.each([
    ['good', 0],
    ['forged', 1],
    ['bad-proof', 1],
    ['no-proof', 1],
  ])('that stands in verify/vectors as %s ends with %i', async (name, code) => {
    const key = await readFile('verify/vectors/carrier-key.txt', 'utf8')
    const checked = await python('check', `verify/vectors/carrier-${name}.json`, '--log-key', key)
    expect(checked.code).toBe(code)
    expect(checked.said).toContain('no --policy')
  })

  test('that does not fit its checksum, or is none, is not checked', async () => {
    expect((await check({ ...answer, entries: answer.entries.slice(1) })).code).toBe(2)
    expect((await check({ ...answer, sha256: '0'.repeat(64) })).code).toBe(2)
    expect((await check({})).code).toBe(2)
  })

  function otherCheckpoint(): string | null {
    const other = new DummyBook()
    for (let count = 0; count < 8; count++) other.add()
    return other.log.checkpoint()
  }
})

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { canonicalJson } from '#lib/canonical-json.ts'
import { webhookHeaders } from '#platform/webhook.ts'
import { DummyLog } from '../conformance/dummy-log.ts'
import { runCarrier } from './carrier.ts'
import type { Answer, Changes, Entry, Question, Result } from './interface-client.ts'
import { chained, hashOf, isGrown, isWitnessed, provenLines, readHead } from './proofs.ts'

/** A busy machine may need long to write the register. */
const waitFor = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000 })

/** The state of the tests' minimal authority. */
let book: Entry[]
let told: Result[]
let acked: number
/** How many milliseconds the authority's clock is ahead of this machine's. */
let aheadMs: number
type Proof = { seq: number; entry: string; proof: string[] }
type Told = { -readonly [K in keyof Omit<Changes, 'entries' | 'proofs'>]: Changes[K] } & {
  entries: Entry[]
  proofs: Proof[]
}
let spoil: (answer: Told) => void
let log: DummyLog
/** Places in the log, by sequence. */
let places: Map<number, number>
/** The lines that the log does not seal, by sequence. */
let unsealed: Set<number>
let server: Server
let directory: string
let asked: Question[]
let answered: Answer[]
let running: { stop: AbortController; done: Promise<void> }[]

const entry = (seq: number, imei: string, action: Entry['action'] = 'block'): Entry => ({
  seq,
  order: `order-${seq}`,
  imei,
  action,
  reason: action === 'block' ? 'robbed' : 'recovered',
  issuedAt: '2026-11-24T08:00:00.000Z',
})

async function bodyOf(request: IncomingMessage) {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}

function placeOf(line: Entry): number | null {
  if (unsealed.has(line.seq)) return null
  const place = places.get(line.seq) ?? log.add('testtel', line.seq, line.order, canonicalJson(line))
  places.set(line.seq, place)
  return place
}

function changes(after: number, known = 0) {
  const entries = book.filter((line) => line.seq > after)
  const placed = entries.map((line) => ({ ...line, leaf: placeOf(line) }))
  const lines = entries.map((e) => `${e.seq},${e.order},${e.imei},${e.action},${e.reason},${e.issuedAt}\n`)
  const sha256 = createHash('sha256').update(lines.join('')).digest('hex')
  const answer: Told & { after: number; head: number } = {
    ...{ after, next: after + entries.length, head: book.length, sha256, entries: placed },
    ...{ carrier: 'testtel', chain: chained('0'.repeat(64), book.slice(0, after + entries.length)) },
    checkpoint: log.checkpoint(),
    growth: log.growth(known),
    proofs: placed.flatMap(({ seq, leaf }) =>
      leaf === null ? [] : [{ seq, entry: log.entry(leaf), proof: log.proof(leaf) }],
    ),
  }
  spoil(answer)
  return answer
}

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  book = []
  told = []
  running = []
  acked = 0
  asked = []
  answered = []
  aheadMs = 0
  log = new DummyLog()
  places = new Map()
  unsealed = new Set()
  spoil = () => {}
  directory = await mkdtemp(join(tmpdir(), 'carrier-'))
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    const now = new Date(Date.now() + aheadMs)
    response.setHeader('date', now.toUTCString())
    const send = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value))
    if (url.pathname === '/api/v1/audit/key') return response.end(`${log.verifier}\n`)
    if (url.pathname.startsWith('/log/policy/')) return response.end(log.policy)
    if (request.headers.authorization !== 'Bearer key') return send(401, {})
    if (url.pathname.endsWith('/ack')) {
      acked = (await bodyOf(request)).upTo
      return send(200, { upTo: acked })
    }
    if (url.pathname.endsWith('/results')) {
      const { results } = await bodyOf(request)
      const fits = ({ at }: Result) => new Date(at) <= now
      told.push(...results.filter(fits))
      return send(200, {
        results: results.map((row: Result) => ({ status: fits(row) ? 'recorded' : 'unknown' })),
      })
    }
    const after = Number(url.searchParams.get('after'))
    if (url.pathname.endsWith('/answers')) {
      answered.push(...(await bodyOf(request)).answers)
      return send(200, { results: [] })
    }
    if (url.pathname.endsWith('/questions')) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return send(200, { next: asked.length, entries: asked.slice(after) })
    }
    if (after > book.length) return send(409, {})
    // A short long poll.
    await new Promise((resolve) => setTimeout(resolve, 20))
    return send(200, changes(after, Number(url.searchParams.get('known'))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  for (const { stop, done } of running) {
    stop.abort()
    await done
  }
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
  vi.restoreAllMocks()
})

function start() {
  const stop = new AbortController()
  const done = runCarrier({
    name: 'testtel',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: async () => 'key',
    directory,
    told: {},
    say: () => {},
    stop: stop.signal,
  })
  running.push({ stop, done })
  return { stop, done }
}
const register = async () => JSON.parse(await readFile(join(directory, 'testtel.json'), 'utf8'))
const behave = (behaviour: object) =>
  writeFile(join(directory, 'testtel.behaviour.json'), JSON.stringify(behaviour))

test('it carries out the book in order, acknowledges it and tells each result', async () => {
  book.push(entry(1, 'a'), entry(2, 'b'), entry(3, 'a', 'unblock'), entry(4, 'c', 'unblock'), entry(5, 'b'))
  start()
  await waitFor(() => expect(told).toHaveLength(5))
  expect(told.map((row) => row.outcome)).toEqual(['applied', 'applied', 'applied', 'not_found', 'already'])
  expect(acked).toBe(5)
  await waitFor(async () =>
    expect(await register()).toMatchObject({
      ...{ seq: 5, drilled: {}, listed: { b: ['robbed'] }, owed: [], waiting: [] },
      ...{ chain: chained('0'.repeat(64), book), carrier: 'testtel', logKey: log.verifier },
    }),
  )
})

test.each([
  ['a line is missing', (answer: { entries: Entry[] }) => void answer.entries.splice(0, 1)],
  ['a line was changed', (answer: { entries: Entry[] }) => (answer.entries[0] = entry(1, 'z'))],
  ['the end was cut off', (answer: { entries: Entry[] }) => void answer.entries.pop()],
])('nothing is carried out when %s', async (_, damage) => {
  book.push(entry(1, 'a'), entry(2, 'b'))
  let asked = 0
  spoil = (answer) => {
    asked++
    damage(answer)
  }
  start()
  await waitFor(() => expect(asked).toBeGreaterThan(0))
  expect([acked, told]).toEqual([0, []])
  spoil = () => {}
  await waitFor(() => expect(told).toHaveLength(2))
})

describe('a block is carried out once the log proves it', () => {
  test('until then it waits, and an unblock behind it does not', async () => {
    book.push(entry(1, 'a'))
    start()
    await waitFor(() => expect(told).toHaveLength(1))
    unsealed.add(2)
    book.push(entry(2, 'b'), entry(3, 'a', 'unblock'), entry(4, 'c'))
    await waitFor(() => expect(told.map(({ order }) => order)).toEqual(['order-1', 'order-3', 'order-4']))
    expect(acked).toBe(4)
    expect(await register()).toMatchObject({ waiting: [{ entry: { seq: 2 } }] })
    unsealed.clear()
    await waitFor(() => expect(told.at(-1)).toMatchObject({ order: 'order-2', outcome: 'applied' }))
    await waitFor(async () => expect((await register()).waiting).toEqual([]))
  })

  test('one that was lifted before its proof came is never carried out', async () => {
    unsealed.add(1)
    book.push(entry(1, 'a'), entry(2, 'a', 'unblock'))
    start()
    await waitFor(() =>
      expect(told.map(({ outcome, code }) => [outcome, code])).toEqual([
        ['rejected', 'technical'],
        ['not_found', undefined],
      ]),
    )
    unsealed.clear()
    book.push(entry(3, 'c'))
    await waitFor(() => expect(told).toHaveLength(3))
    expect((await register()).listed).toEqual({ c: ['robbed'] })
  })

  test('one that has no proof after fifteen minutes is told as not done', async () => {
    vi.mocked(console.error).mockClear()
    unsealed.add(1)
    book.push(entry(1, 'a'))
    start()
    await waitFor(async () => expect((await register()).waiting).toHaveLength(1))
    expect(told).toEqual([])
    aheadMs = 16 * 60_000
    await waitFor(() => expect(told).toMatchObject([{ outcome: 'rejected', code: 'technical' }]))
    expect(vi.mocked(console.error).mock.calls.flat().join()).toContain('line 1 has no proof')
  })

  /** Lines 1 and 2 have valid proofs. Each damage to the answer must stop the blocks, but not the unblock. */
  const other = new DummyLog()
  test.each<readonly [string, (answer: Told) => void]>([
    ['the proof of another line', (answer) => swap(answer)],
    ['a proof cut short', (answer) => void proofOf(answer).proof.pop()],
    ['a proof with a hash more', (answer) => void proofOf(answer).proof.push('A'.repeat(43).concat('='))],
    ['a proof in another order', (answer) => void proofOf(answer).proof.reverse()],
    ['another place', (answer) => change(answer, { leaf: ((placeOf(entry(2, 'b')) ?? 0) + 1) % 4 })],
    ['an entry that is no JSON', (answer) => void Object.assign(proofOf(answer), { entry: '{' })],
    ['a checkpoint of another log', (answer) => (answer.checkpoint = checkpointOf(other))],
    ['a checkpoint that was changed', (answer) => (answer.checkpoint = `9${answer.checkpoint}`)],
    ['no checkpoint', (answer) => (answer.checkpoint = null)],
    ['a checkpoint that no witness signed', (answer) => (answer.checkpoint = log.checkpoint(false))],
    ['a line that was forged', forge],
  ])('it does not believe %s', async (_, damage) => {
    // The carrier asks again for the proof of line 2, so every answer with that line is spoilt.
    spoil = (answer) => answer.entries.some((line) => line.seq === 2) && damage(answer)
    book.push(entry(1, 'z'), entry(2, 'b'), entry(3, 'z', 'unblock'), entry(4, 'y'))
    start()
    await waitFor(() => expect(told.map(({ order }) => order)).toContain('order-3'))
    expect((await register()).listed.b).toBeUndefined()
    await waitFor(async () => expect((await register()).waiting.map(seqOf)).toContain(2))
    spoil = () => {}
  })

  test('a book whose chain differs is told to a person, and nothing new of it is believed', async () => {
    book.push(entry(1, 'a'))
    start()
    await waitFor(() => expect(told).toHaveLength(1))
    vi.mocked(console.error).mockClear()
    const { chain } = await register()
    spoil = (answer) => (answer.chain = 'f'.repeat(64))
    unsealed.add(2)
    book.push(entry(2, 'b'))
    await waitFor(() =>
      expect(vi.mocked(console.error).mock.calls.flat().join()).toContain('its chain differs'),
    )
    expect(await register()).toMatchObject({
      chain,
      waiting: [{ entry: { seq: 2 } }],
      listed: { a: ['robbed'] },
    })
  })

  test.each<readonly [string, (answer: Told) => void]>([
    ['is another one of the same keys', (answer) => split(answer)],
    [
      'has a proof of its growth that is cut short',
      (answer) => (answer.growth = answer.growth?.slice(1) ?? []),
    ],
    [
      'has a proof of its growth in another order',
      (answer) => (answer.growth = answer.growth?.toReversed() ?? []),
    ],
    ['does not prove its growth', (answer) => (answer.growth = null)],
  ])('a log that %s is not believed, and what was known stays', async (_, damage) => {
    book.push(entry(1, 'a'), entry(2, 'b'), entry(3, 'c'))
    start()
    await waitFor(() => expect(told).toHaveLength(3))
    const { checkpoint } = await register()
    spoil = damage
    book.push(entry(4, 'd'), entry(5, 'a', 'unblock'))
    await waitFor(() => expect(told.map(({ order }) => order)).toContain('order-5'))
    expect(await register()).toMatchObject({ checkpoint, waiting: [{ entry: { seq: 4 } }] })
    spoil = () => {}
    await waitFor(() => expect(told.at(-1)).toMatchObject({ order: 'order-4', outcome: 'applied' }))
  })

  /** Replaces the answer's log by a fork with the same keys, with valid proofs. */
  function split(answer: Told): void {
    const fork = new DummyLog(log)
    for (const line of book) fork.add('testtel', line.seq, line.order, canonicalJson(line))
    answer.checkpoint = fork.checkpoint()
    answer.growth = fork.growth(3)
    answer.proofs = answer.entries.flatMap(({ seq, leaf }) =>
      typeof leaf === 'number' ? [{ seq, entry: fork.entry(leaf), proof: fork.proof(leaf) }] : [],
    )
  }

  const seqOf = ({ entry: { seq } }: { entry: Entry }) => seq
  const proofOf = ({ proofs }: Told, seq = 2) =>
    proofs.find((one) => one.seq === seq) ?? { seq, entry: '', proof: [] }
  function swap(answer: Told): void {
    const [first, second] = [proofOf(answer, 1), proofOf(answer)]
    Object.assign(second, { entry: first.entry, proof: first.proof })
    change(answer, { leaf: answer.entries.find((line) => line.seq !== 2)?.leaf ?? null })
  }
  /** Changes line 2 of an answer. */
  function change(answer: Told, into: Partial<Entry>): void {
    const at = answer.entries.findIndex((line) => line.seq === 2)
    answer.entries[at] = { ...answer.entries[at], ...into } as Entry
  }
  function checkpointOf(log: DummyLog): string | null {
    for (let seq = 1; seq <= 4; seq++) log.add('testtel', seq, `order-${seq}`, canonicalJson(entry(seq, 'b')))
    return log.checkpoint()
  }
  /** Replaces the phone of a line, and recomputes everything that needs no key. */
  function forge(answer: Told): void {
    change(answer, { imei: 'forged' })
    const lines = answer.entries.map(({ leaf: _, ...line }) => line)
    answer.chain = chained('0'.repeat(64), lines)
    const digest = lines.map((e) => `${e.seq},${e.order},${e.imei},${e.action},${e.reason},${e.issuedAt}\n`)
    answer.sha256 = createHash('sha256').update(digest.join('')).digest('hex')
  }

  test('it keeps to the book, the carrier and the log that it was first shown', async () => {
    book.push(entry(1, 'a'))
    start()
    await waitFor(() => expect(told).toHaveLength(1))
    spoil = (answer) => (answer.carrier = 'othertel')
    book.push(entry(2, 'b'))
    // The carrier named in the answer does not count; the log entry names the carrier of each line.
    await waitFor(() => expect(told).toHaveLength(2))
    spoil = () => {}
    const two = log
    log = new DummyLog()
    for (let at = 0; at < 2; at++) log.add('testtel', at, 'x', 'another')
    places.clear()
    book.push(entry(3, 'c'))
    await waitFor(async () => expect((await register()).waiting.map(seqOf)).toEqual([3]))
    expect((await register()).logKey).toBe(two.verifier)
  })
})

test('a proof leads to its root from every leaf of every tree, and from no other', () => {
  const one = new DummyLog()
  for (let size = 1; size <= 20; size++) {
    const line = entry(size, 'a')
    one.add('testtel', size, line.order, canonicalJson(line))
    const lines = Array.from({ length: size }, (_, at) => ({ ...entry(at + 1, 'a'), leaf: at }))
    const answer = {
      ...{ next: size, sha256: '', entries: lines, checkpoint: one.checkpoint() },
      proofs: lines.map(({ seq, leaf }) => ({ seq, entry: one.entry(leaf), proof: one.proof(leaf) })),
    }
    expect(provenLines(answer, one.verifier, 'testtel').size).toBe(size)
    expect(provenLines(answer, one.verifier, 'othertel').size).toBe(0)
    const moved = lines.map((line) => ({ ...line, leaf: (line.leaf + 1) % (size + 1) }))
    expect(provenLines({ ...answer, entries: moved }, one.verifier, 'testtel').size).toBe(0)
    expect(readHead(answer.checkpoint ?? '', new DummyLog().verifier)).toBeNull()
  }
  expect(hashOf({ ...entry(1, 'a'), leaf: 7 })).toEqual(hashOf(entry(1, 'a')))
})

test('a checkpoint counts with the signatures that its policy asks for, and with no others', () => {
  const [one, other] = [new DummyLog(), new DummyLog()]
  one.add('testtel', 1, 'order-1', 'a')
  other.add('testtel', 1, 'order-1', 'a')
  const older = one.checkpoint() ?? ''
  one.add('testtel', 2, 'order-2', 'b')
  const note = one.checkpoint() ?? ''
  const bare = one.checkpoint(false) ?? ''
  const line = (text: string) => text.trimEnd().split('\n').at(-1) ?? ''
  const bytes = Buffer.from(line(note).split(' ')[2] ?? '', 'base64')
  const withBytes = (change: (bytes: Buffer) => unknown) => {
    const changed = Buffer.from(bytes)
    change(changed)
    return `${bare}${line(note).split(' ').slice(0, 2).join(' ')} ${changed.toString('base64')}\n`
  }
  const three = (quorum: string) =>
    `${one.policy.replace('group witnesses 1', `group witnesses ${quorum}`)}`.replace(
      /(group.*)\n/,
      `$1 away\n${other.policy.split('\n')[1]?.replace(/^witness \S+/, 'witness away')}\n`,
    )
  const judged: readonly (readonly [string, string, boolean])[] = [
    [note, one.policy, true],
    [bare, 'quorum none', true],
    [note, three('any'), true],
    [note, three('1'), true],
    [note, three('all'), false],
    [note, three('2'), false],
    [note, one.policy.replace('quorum witnesses', 'quorum others'), false],
    [note, '', false],
    [bare, one.policy, false],
    [note, other.policy, false],
    // The signature of an older head, another time than the signed one, a changed signature, a truncated one.
    [`${bare}${line(older)}\n`, one.policy, false],
    [withBytes((all) => all.writeBigUInt64BE(all.readBigUInt64BE(4) + 10_800n, 4)), one.policy, false],
    [withBytes((all) => all.writeUInt8(all.readUInt8(40) ^ 1, 40)), one.policy, false],
    [note.slice(0, -9), one.policy, false],
  ]
  for (const [text, policy, wanted] of judged) expect(isWitnessed(text, policy), policy + text).toBe(wanted)
})

test('a log is proven to have grown out of each of its beginnings, and out of nothing else', () => {
  const [one, fork] = [new DummyLog(), new DummyLog()]
  const heads = []
  for (let size = 1; size <= 20; size++) {
    for (const each of [one, fork]) each.add('testtel', size, `order-${size}`, 'a')
    const head = readHead(one.checkpoint() ?? '', one.verifier)
    if (!head) throw new Error('no head')
    heads.push(head)
    for (const before of heads) {
      const proof = one.growth(before.size) ?? []
      const forged = fork.growth(before.size) ?? []
      expect(isGrown(before, head, proof)).toBe(true)
      if (before.size === size) continue
      expect(isGrown(before, head, forged)).toBe(false)
      expect(isGrown(before, head, proof.slice(1))).toBe(false)
      expect(isGrown(before, head, [...proof, ...proof])).toBe(false)
      expect(isGrown(head, before, proof)).toBe(false)
      expect(isGrown({ ...before, root: Buffer.alloc(32) }, head, proof)).toBe(false)
    }
  }
})

test('a smaller head has not grown, though a path is made up that leads from the kept root to it', () => {
  const node = (...parts: readonly Uint8Array[]) =>
    createHash('sha256')
      .update(Buffer.concat([Buffer.of(1), ...parts]))
      .digest()
  const [root, x, leaf] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)] as const
  const smaller = { size: 5, root: node(node(root, x), leaf) }
  const path = [root, x, leaf].map((one) => one.toString('base64'))
  expect(isGrown({ size: 10, root }, smaller, path)).toBe(false)
})

test('what one run carried out and did not tell, the next run tells', async () => {
  await behave({ mode: 'silent' })
  book.push(entry(1, 'a'))
  const first = start()
  await waitFor(async () => expect((await register()).owed).toHaveLength(1))
  first.stop.abort()
  await first.done
  expect(told).toEqual([])
  await behave({ mode: 'apply' })
  start()
  await waitFor(() => expect(told).toMatchObject([{ order: 'order-1', outcome: 'applied' }]))
})

test('what it did is told by the authority’s clock, also when that is set back before it is told', async () => {
  await behave({ mode: 'silent' })
  aheadMs = 3 * 3_600_000
  book.push(entry(1, 'a'))
  start()
  await waitFor(async () => expect((await register()).owed).toHaveLength(1))
  aheadMs = -3 * 3_600_000
  await behave({ mode: 'apply' })
  await waitFor(() => expect(told).toMatchObject([{ order: 'order-1', outcome: 'applied' }]))
  await waitFor(async () => expect((await register()).owed).toEqual([]))
})

test('it refuses with the code it is told, and changes nothing', async () => {
  await behave({ mode: 'refuse', code: 'invalid_imei' })
  book.push(entry(1, 'a'))
  start()
  await waitFor(() => expect(told).toMatchObject([{ outcome: 'rejected', code: 'invalid_imei' }]))
  expect((await register()).listed).toEqual({})
})

test('a drill is carried out apart from the list, and told like anything else', async () => {
  const drill = { drill: true as const }
  book.push(entry(1, 'a'), { ...entry(2, '00'), ...drill }, { ...entry(3, '00', 'unblock'), ...drill })
  start()
  await waitFor(() => expect(told.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied']))
  expect(await register()).toMatchObject({ listed: { a: ['robbed'] }, drilled: {} })
})

test('a book that is shorter than what was carried out is carried out from its beginning', async () => {
  await writeFile(
    join(directory, 'testtel.json'),
    JSON.stringify({ seq: 9, listed: { old: ['lost'] }, owed: [] }),
  )
  book.push(entry(1, 'a'))
  start()
  await waitFor(() => expect(told).toHaveLength(1))
  await waitFor(async () => expect((await register()).listed).toEqual({ a: ['robbed'] }))
})

test('it answers yes, no or unknown as its own file says', async () => {
  await writeFile(join(directory, 'testtel.sims.json'), JSON.stringify({ '+84901234567': ['a'] }))
  const question = (question: string, msisdn: string, imei: string): Question => ({
    ...{ question, kind: 'number_in_imei', msisdn, imei },
  })
  asked.push(
    question('1', '+84901234567', 'a'),
    question('2', '+84901234567', 'b'),
    question('3', '+84', 'a'),
  )
  start()
  await waitFor(() => expect(answered.map(({ answer }) => answer)).toEqual(['yes', 'no', 'unknown']))
})

test('it names the phones of its own subscriber alone, at most eight, and cannot tell what it was not made for', async () => {
  const nine = Array.from({ length: 9 }, (_, at) => `35298706581662${at}`)
  const held = { '+84901234567': { idNumber: '079190012345', imeis: ['a', 'b'] }, '+84901234568': nine }
  await writeFile(join(directory, 'testtel.sims.json'), JSON.stringify(held))
  const lookup = (question: string, msisdn: string, idNumber: string): Question => ({
    ...{ question, kind: 'imei_of_number', msisdn, subscriber: { idKind: 'cccd', idNumber } },
  })
  asked.push(
    lookup('1', '+84901234567', '079190012345'),
    lookup('2', '+84901234567', '079190000000'),
    lookup('3', '+84999999999', '079190012345'),
    // The file names no subscriber, so any identity number matches.
    lookup('4', '+84901234568', '079190000000'),
    { ...lookup('5', '+84901234567', '079190012345'), kind: 'a_kind_to_come' } as unknown as Question,
  )
  start()
  await waitFor(() =>
    expect(answered.map(({ answer, imeis }) => answer ?? imeis)).toEqual([
      ['a', 'b'],
      'not_subscriber',
      'not_subscriber',
      nine.slice(0, 8),
      'unknown',
    ]),
  )
})

describe('a carrier that is pushed to', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  async function freePort(): Promise<number> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    await new Promise((closed) => probe.close(closed))
    return port
  }

  test('reads what it has missed, then takes what comes in order, once, and tells results', async () => {
    const port = await freePort()
    await writeFile(join(directory, 'testtel.webhook.json'), JSON.stringify({ port, secrets: [secret] }))
    book.push(entry(1, 'a'))
    start()
    await waitFor(() => expect(told).toHaveLength(1))
    const push = async (message: object, key = secret) => {
      const body = JSON.stringify(message)
      const at = new Date()
      const headers = webhookHeaders([Buffer.from(key.slice(6), 'base64')], 'message-1', at, body)
      const sent = { method: 'POST', headers, body }
      return (await fetch(`http://127.0.0.1:${port}/`, sent)).status
    }
    // It listens only after reading everything that was missed; a test message has no lines.
    await waitFor(async () => expect(await push(changes(1))).toBe(204))
    book.push(entry(2, 'b'), entry(3, 'c'))
    expect(await push({ ...changes(1), entries: [] })).toBe(400)
    expect(await push(changes(1), `whsec_${Buffer.alloc(32, 8).toString('base64')}`)).toBe(401)
    expect(await push(changes(2))).toBe(409)
    expect(await push(changes(1))).toBe(204)
    expect(await push(changes(1))).toBe(204)
    expect(await push(changes(3))).toBe(204)
    await waitFor(() => expect(told).toHaveLength(3))
    expect((await register()).listed).toEqual({ a: ['robbed'], b: ['robbed'], c: ['robbed'] })
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(405)
  })
})

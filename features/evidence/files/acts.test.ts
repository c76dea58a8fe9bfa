import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { DISCLOSURE_LIFE } from '#features/cases/disclosure/rules.ts'
import { openPapers } from '#features/disclosures/openings/acts.ts'
import { checkInstallation } from '#features/installation/acts.ts'
import { type CaseScope, citizenScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds } from '#lib/time.ts'
import { type CaseKey, newCaseKey } from '#platform/crypto.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { troubleOf } from '#platform/troubles.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { arriving, received as receivedBy } from '#tests/factories/evidence.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { bomb, executable, heic, html, jpeg, pdf, pdfOfSize, png, svg, webp } from '#tests/proof.ts'
import { store } from '../files.ts'
import { deriveEvidence, removeLeftFiles, sweepEvidence } from '../jobs.ts'
import { addEvidence, keepEvidence, openOriginal, receiveFile, removeEvidence } from './acts.ts'
import { MAX_FILE_BYTES } from './limits-rules.ts'
import { listEvidence, listSameFiles, openEvidence, openSmall } from './page-data.ts'

const answerOfCommit = vi.hoisted(() => ({ isLost: false }))
// Simulates a transaction that commits, while its caller loses the connection and never learns it.
vi.mock('#platform/idempotency/commands.ts', async (original) => {
  const module = await original<typeof import('#platform/idempotency/commands.ts')>()
  const actOnce = async (...args: Parameters<typeof module.actOnce>) => {
    const done = await module.actOnce(...args)
    if (answerOfCommit.isLost) throw new Error('the connection was cut')
    return done
  }
  return { ...module, actOnce }
})

const root = await mkdtemp(join(tmpdir(), 'antam-evidence-'))
process.env.DATA_DIR = root
afterAll(() => rm(root, { recursive: true }))

const NOW = new Date('2026-11-24T03:00:00Z')
const CITIZEN = { kind: 'citizen' } as const
let key: CaseKey

const newKey = () => storedCaseKey(NOW)
beforeEach(async () => {
  key = await newKey()
})
afterEach(() => rm(join(root, 'evidence'), { recursive: true, force: true }))

const stored = async (): Promise<string[]> =>
  (await readdir(join(root, 'evidence'), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile() && /evidence.[0-9a-f]{2}$/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))

const received = (bytes: Buffer, fileName?: string, by = key) => receivedBy(by, bytes, fileName)
const add = async (bytes: Buffer, fileName?: string, by = key, submitKey: string = randomUUID()) =>
  addEvidence(
    {
      key: by,
      actor: CITIZEN,
      kind: 'box',
      files: [await received(bytes, fileName, by)],
      submitKey,
    },
    NOW,
  )
const mine = (by = key) => citizenScope(by.caseId, 'full')
const me = () => ({ scope: mine(), actor: CITIZEN })
const audited = async () =>
  (await db.auditEntry.findMany({ orderBy: { id: 'asc' } })).map((entry) => [entry.act, entry.facts])

/** Turns the draft into a case of an area, as far as files are concerned. */
async function send(by: CaseKey, number: string, unitId = 'quan-3'): Promise<void> {
  await db.case.create({
    data: {
      id: by.caseId,
      number,
      state: 'submitted',
      locale: 'vi',
      areaId: unitId,
      unitId,
      incidentType: 'robbed',
      incidentAt: NOW,
      brand: '',
      model: '',
      colour: '',
      contactKind: 'email',
      secretHash: randomBytes(32),
      sealed: randomBytes(32),
      submittedAt: NOW,
      stateSince: NOW,
      dueAt: NOW,
      needsWork: true,
    },
  })
}
const officer = (unitId: string | null, role: 'officer' | 'city_police' | 'admin' = 'officer') => ({
  kind: 'staff' as const,
  id: randomUUID(),
  name: 'Lê Minh',
  role,
  unitId,
  agencyId: null,
  carrierId: null,
})
const staff = (unitId: string | null, role?: 'officer' | 'city_police' | 'admin') => {
  const scope = staffScope(officer(unitId, role))
  if (!scope) throw new Error('this role reads no case')
  return scope
}

test.each([
  ['image/jpeg', jpeg],
  ['image/png', png],
  ['image/webp', webp],
] as const)(
  '%s is kept byte for byte, sealed, with a copy that says nothing of its maker',
  async (type, make) => {
    const bytes = await make()
    expect(await add(bytes, '../Nhãn hộp\u202E.jpg')).toEqual(ok({ repeated: 0 }))

    const [item] = await listEvidence(mine(), key.caseId)
    expect(item).toMatchObject({
      kind: 'box',
      state: 'ready',
      fileName: 'Nhãn hộp.jpg',
      mediaType: type,
      byteSize: bytes.length,
      view: { width: 640, height: 480 },
      eventSeq: null,
    })
    const id = item?.id ?? ''
    const original = await openEvidence(me(), id, 'original', NOW)
    expect(original && (await buffer(original.content)).equals(bytes)).toBe(true)

    const view = await openEvidence(me(), id, 'view', NOW)
    const copy = view ? await buffer(view.content) : Buffer.alloc(0)
    const { format, exif, icc, xmp } = await sharp(copy).metadata()
    expect({ format, exif, icc, xmp }).toEqual({
      format: 'jpeg',
      exif: undefined,
      icc: undefined,
      xmp: undefined,
    })
    expect(await sharp((await openSmall(me(), id, NOW)) ?? undefined).metadata()).toMatchObject({
      width: 320,
    })

    for (const path of await stored()) {
      const onDisk = await readFile(path)
      expect(onDisk.includes(bytes.subarray(0, 24))).toBe(false)
      expect(onDisk.includes(bytes.subarray(-24))).toBe(false)
    }
    const row = await db.evidence.findUniqueOrThrow({ where: { id } })
    expect(Buffer.from(row.sealed).includes('Nh')).toBe(false)
    expect(Buffer.from(row.sha256).equals(createHash('sha256').update(bytes).digest())).toBe(true)
    expect(await audited()).toEqual([
      ['evidence.add', { kind: 'box', mediaType: type, byteSize: bytes.length }],
    ])
  },
)

test('a picture lying on its side is turned upright, and a large one made smaller', async () => {
  const bytes = await sharp(await png(3000, 1500))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  await add(bytes)
  expect((await listEvidence(mine(), key.caseId))[0]?.view).toEqual({ width: 1200, height: 2400 })
})

test('a HEIC is kept at once, and its copy is made by the worker', async () => {
  await add(heic(), 'IMG_0001.HEIC')
  const [before] = await listEvidence(mine(), key.caseId)
  expect(before).toMatchObject({ mediaType: 'image/heic', state: 'pending', view: null })
  const id = before?.id ?? ''
  expect(await openEvidence(me(), id, 'view', NOW)).toBeNull()
  expect(await openSmall(me(), id, NOW)).toBeNull()

  await deriveEvidence(id, NOW)
  await deriveEvidence(id, NOW)
  const [after] = await listEvidence(mine(), key.caseId)
  expect(after).toMatchObject({ state: 'ready', view: { width: 96, height: 64 } })
  const view = await openEvidence(me(), id, 'view', NOW)
  const { data } = await sharp(view ? await buffer(view.content) : undefined)
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([...data.subarray(0, 3)].map((channel) => Math.round(channel / 20))).toEqual([9, 6, 0])
  expect((await audited()).map(([act]) => act)).toEqual(['evidence.add', 'evidence.derive'])
})

test('a HEIC whose pixels cannot be decoded stays, and says so', async () => {
  const bytes = heic()
  // Inside the coded picture: the boxes around it stay intact.
  bytes.fill(0, 640, 700)
  await add(bytes)
  const id = (await listEvidence(mine(), key.caseId))[0]?.id ?? ''
  await deriveEvidence(id, NOW)
  expect((await listEvidence(mine(), key.caseId))[0]).toMatchObject({ state: 'unreadable', view: null })
  const original = await openEvidence(me(), id, 'original', NOW)
  expect(original && (await buffer(original.content)).equals(bytes)).toBe(true)
})

test('the job of a file that is gone does nothing', async () => {
  await deriveEvidence(randomUUID(), NOW)
  expect(await audited()).toEqual([])
})

test('a PDF is kept as it is, to be saved and never shown', async () => {
  await add(pdf(), 'hoá đơn.pdf')
  const [item] = await listEvidence(mine(), key.caseId)
  expect(item).toMatchObject({ mediaType: 'application/pdf', state: 'ready', view: null })
  expect(await openEvidence(me(), item?.id ?? '', 'view', NOW)).toBeNull()
})

test.each([
  ['an empty file', async () => Buffer.alloc(0), 'empty'],
  ['a text that says it is a picture', async () => Buffer.from('hello'), 'type'],
  ['SVG', async () => svg(), 'type'],
  ['HTML', async () => html(), 'type'],
  ['a program', async () => executable(), 'type'],
  [
    'a picture of a kind that is not taken',
    async () =>
      sharp(await png(32, 32))
        .gif()
        .toBuffer(),
    'type',
  ],
  [
    'AVIF',
    async () =>
      sharp(await png(32, 32))
        .avif()
        .toBuffer(),
    'type',
  ],
  ['a JPEG cut off', async () => (await jpeg()).subarray(0, -2000), 'damaged'],
  ['a PNG cut off', async () => (await png()).subarray(0, -2000), 'damaged'],
  ['a WebP cut off', async () => (await webp()).subarray(0, -2000), 'damaged'],
  ['the head of a JPEG alone', async () => (await jpeg()).subarray(0, 200), 'damaged'],
  ['a HEIC cut off', async () => heic().subarray(0, -20), 'damaged'],
  ['a PDF cut off', async () => pdf().subarray(0, -10), 'damaged'],
  ['30,000 × 30,000 pixels', bomb, 'pixels'],
  ['one byte over the limit', async () => pdfOfSize(MAX_FILE_BYTES + 1), 'too_large'],
])('%s is refused, and nothing of it stays', async (_, make, fault) => {
  expect(await receiveFile(key, arriving(await make()))).toEqual(err(fault))
  expect(await stored()).toEqual([])
})

test('a PNG with a flipped bit is refused', async () => {
  const bytes = await png()
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff
  expect(await receiveFile(key, arriving(bytes))).toEqual(err('damaged'))
})

test('a file of exactly 10 MB is kept', async () => {
  await add(pdfOfSize(MAX_FILE_BYTES))
  expect((await listEvidence(mine(), key.caseId))[0]?.byteSize).toBe(MAX_FILE_BYTES)
})

test('a file whose sender goes away leaves nothing', async () => {
  const parts = [randomBytes(200_000)]
  const content = new Readable({
    read() {
      const part = parts.pop()
      if (part) this.push(part)
      else this.destroy(new Error('the line went dead'))
    },
  })
  await expect(receiveFile(key, arriving(Buffer.alloc(1), 'a.jpg', content))).rejects.toThrow()
  expect(await stored()).toEqual([])
})

test('the same file twice is kept once, in one sending and in the next', async () => {
  const [one, other] = [await jpeg(), pdf()]
  const files = [await received(one), await received(one), await received(other)]
  expect(
    await addEvidence({ key, actor: CITIZEN, kind: 'invoice', files, submitKey: randomUUID() }, NOW),
  ).toEqual(ok({ repeated: 1 }))
  expect(await add(other)).toEqual(ok({ repeated: 1 }))
  // In the order they were chosen.
  expect((await listEvidence(mine(), key.caseId)).map((item) => item.mediaType)).toEqual([
    'image/jpeg',
    'application/pdf',
  ])
  expect(await stored()).toHaveLength(3)
})

test('a form with files that is sent several times is told each time that they are kept', async () => {
  const [bytes, submitKey] = [pdf(), randomUUID()]
  const form = async () => add(await bytes, 'hộp.pdf', key, submitKey)
  const kept = ok({ repeated: 0 })
  expect(await Promise.all([form(), form(), form()])).toEqual([kept, kept, kept])
  expect(await form()).toEqual(kept)
  expect(await listEvidence(mine(), key.caseId)).toHaveLength(1)
  expect(await stored()).toHaveLength(1)
})

test('a file that was kept stays, even where its sender is not told so', async () => {
  answerOfCommit.isLost = true
  onTestFinished(() => void Object.assign(answerOfCommit, { isLost: false }))
  await expect(add(pdf())).rejects.toThrow('the connection was cut')
  const [{ id } = { id: '' }] = await listEvidence(mine(), key.caseId)
  expect(await stored()).toHaveLength(1)
  const file = await openEvidence(me(), id, 'original', NOW)
  expect(await buffer(file?.content ?? Readable.from([]))).toEqual(pdf())
})

test('a seventh file is refused with all that came with it, even when two browsers send at once', async () => {
  for (let n = 0; n < 5; n++) await add(pdfOfSize(100 + n))
  const results = await Promise.all([add(pdfOfSize(200)), add(pdfOfSize(201))])
  expect(results.filter((result) => result.ok)).toHaveLength(1)
  expect(results).toContainEqual(err('too_many'))
  expect(await listEvidence(mine(), key.caseId)).toHaveLength(6)
  expect(await stored()).toHaveLength(6)
})

test('a person who is asked for more can send more, with the event it belongs to', async () => {
  for (let n = 0; n < 6; n++) await add(pdfOfSize(100 + n))
  await send(key, 'HCM-1')
  const files = [await received(pdfOfSize(300))]
  const kept = await transaction((tx) =>
    keepEvidence(
      tx,
      { key, actor: CITIZEN, kind: 'other', files, eventSeq: 4 },
      new Date(NOW.getTime() + 1000),
    ),
  )
  expect(kept.ok).toBe(true)
  expect((await listEvidence(mine(), key.caseId)).at(-1)?.eventSeq).toBe(4)
})

test('a report that was sent, or deleted, meanwhile takes nothing more, and nothing stays in the store', async () => {
  await send(key, 'HCM-1')
  expect(await add(pdf())).toEqual(err('gone'))
  const { key: deleted } = newCaseKey(randomUUID())
  expect(await add(pdf(), 'a.pdf', deleted)).toEqual(err('gone'))
  expect(await stored()).toEqual([])
})

test('a change that is rolled back keeps no row', async () => {
  const files = [await received(heic())]
  await expect(
    transaction(async (tx) => {
      await keepEvidence(tx, { key, actor: CITIZEN, kind: 'box', files, eventSeq: null }, NOW)
      throw new Error('undone')
    }),
  ).rejects.toThrow('undone')
  expect(await listEvidence(mine(), key.caseId)).toEqual([])
  expect(await audited()).toEqual([])
})

test('a file is taken out of a draft by who writes it, and of a sent report by nobody', async () => {
  await add(await jpeg())
  const id = (await listEvidence(mine(), key.caseId))[0]?.id ?? ''
  expect(await removeEvidence(citizenScope(randomUUID(), 'full'), CITIZEN, id, NOW)).toBe(false)
  expect(await removeEvidence(mine(), CITIZEN, id, NOW)).toBe(true)
  expect(await removeEvidence(mine(), CITIZEN, id, NOW)).toBe(false)
  expect(await stored()).toEqual([])

  await add(pdf())
  await send(key, 'HCM-1')
  const kept = (await listEvidence(mine(), key.caseId))[0]?.id ?? ''
  expect(await removeEvidence(mine(), CITIZEN, kept, NOW)).toBe(false)
  expect((await audited()).map(([act]) => act)).toEqual(['evidence.add', 'evidence.remove', 'evidence.add'])
})

test('only who may see the case sees its files', async () => {
  await add(await jpeg())
  const id = (await listEvidence(mine(), key.caseId))[0]?.id ?? ''
  const sees = async (scope: CaseScope) => {
    const file = await openEvidence({ scope, actor: CITIZEN }, id, 'original', NOW)
    file?.content.destroy()
    expect(await listEvidence(scope, key.caseId)).toHaveLength(file ? 1 : 0)
    return file !== null
  }
  expect(await sees(staff('quan-3'))).toBe(false)
  expect(await sees(systemScope())).toBe(false)
  await send(key, 'HCM-1', 'quan-3')
  expect(await sees(mine())).toBe(true)
  expect(await sees(citizenScope(key.caseId, 'status'))).toBe(false)
  expect(await sees(citizenScope(randomUUID(), 'full'))).toBe(false)
  expect(await sees(staff('quan-3'))).toBe(true)
  expect(await sees(staff('quan-1'))).toBe(false)
  expect(await sees(staff(null, 'city_police'))).toBe(true)
  expect(staffScope(officer(null, 'admin'))).toBeNull()
})

test('police have to open the case first; who of them takes an original is written down', async () => {
  await add(await jpeg(), 'hoá đơn.exe')
  await send(key, 'HCM-1')
  const id = (await listEvidence(mine(), key.caseId))[0]?.id ?? ''
  const who = await makeStaff('officer')
  const reader = { scope: staff('quan-3'), actor: who }
  const [listed] = await listEvidence(reader.scope, key.caseId)
  expect(listed).toMatchObject({ id, kind: 'box', fileName: null, view: null })
  expect(await openEvidence(reader, id, 'view', NOW)).toBeNull()
  expect(await openSmall(reader, id, NOW)).toBeNull()
  expect(await openOriginal(reader, id, NOW, 'twice')).toBeNull()
  await transaction((tx) => openPapers(tx, who, { key, reason: 'ownership', note: '', files: 1 }, NOW))
  expect(await openSmall(reader, id, NOW)).not.toBeNull()
  // The first press only asks for confirmation.
  expect(await openOriginal(reader, id, NOW)).toBeNull()
  const file = await openOriginal(reader, id, NOW, 'twice')
  expect(file?.name).toBe('hoá đơn.exe.jpg')
  file?.content.destroy()
  ;(await openOriginal(me(), id, NOW))?.content.destroy()
  const outsider = { scope: staff('quan-1'), actor: who }
  expect(await openOriginal(outsider, id, NOW, 'twice')).toBeNull()
  const elsewhere = { ...reader, actor: { ...who, sessionId: randomUUID() } }
  expect(await openOriginal(elsewhere, id, NOW, 'twice')).toBeNull()
  expect(await openOriginal(reader, id, addMilliseconds(NOW, DISCLOSURE_LIFE), 'twice')).toBeNull()
  const opened = await db.auditEntry.findMany({ where: { act: 'evidence.open_original' } })
  expect(opened.map((entry) => [entry.actorId, entry.subjectId])).toEqual([[who.id, id]])
})

test('what cannot be written in the audit log is not left open either', async () => {
  await add(await jpeg())
  await send(key, 'HCM-1')
  const who = await makeStaff('officer', { unitId: 'quan-3' })
  const reader = { scope: staff('quan-3'), actor: who }
  const [{ id } = { id: '' }] = await listEvidence(reader.scope, key.caseId)
  await transaction((tx) => openPapers(tx, who, { key, reason: 'ownership', note: '', files: 1 }, NOW))
  const opened = vi.spyOn(evidenceStorage(), 'open')
  await superuser.query(
    "ALTER TABLE audit_entries ADD CONSTRAINT away CHECK (act <> 'evidence.open_original') NOT VALID",
  )
  onTestFinished(async () => {
    opened.mockRestore()
    await superuser.query('ALTER TABLE audit_entries DROP CONSTRAINT away')
  })
  await expect(openOriginal(reader, id, NOW, 'twice')).rejects.toThrow()
  const stream = await opened.mock.results[0]?.value
  await vi.waitFor(() => expect(stream.destroyed).toBe(true))
})

test('the same file in another case is told to police, by number within their district', async () => {
  const [two, three] = [await newKey(), await newKey()]
  const bytes = await jpeg()
  for (const each of [key, two, three, await newKey()]) await add(bytes, 'hộp.jpg', each)
  await add(pdf())
  await send(key, 'HCM-1', 'quan-3')
  await send(two, 'HCM-2', 'quan-3')
  await send(three, 'HCM-3', 'quan-1')
  const mineNow = await listEvidence(mine(), key.caseId)
  const evidenceId = mineNow.find((item) => item.mediaType === 'image/jpeg')?.id
  expect(await listSameFiles(staff('quan-3'), key.caseId)).toEqual([
    { evidenceId, numbers: ['HCM-2'], cases: 2 },
  ])
  expect(await listSameFiles(staff(null, 'city_police'), key.caseId)).toEqual([
    { evidenceId, numbers: ['HCM-2', 'HCM-3'], cases: 2 },
  ])
  expect(await listSameFiles(staff('quan-1'), key.caseId)).toEqual([])
})

describe('the sweep', () => {
  const tomorrow = () => new Date(Date.now() + 25 * 3_600_000)
  const inTrash = () => db.evidenceFile.count({ where: { discardedAt: { not: null } } })
  /** Leaves files behind, as crashed uploads do. */
  const leave = async (count: number) => {
    for (let n = 0; n < count; n++) await store(key, randomUUID(), 'original', Readable.from(['x']))
  }
  beforeEach(async () => {
    await rm(join(root, 'evidence'), { recursive: true, force: true })
    expect(await checkInstallation(NOW)).toEqual([])
  })
  afterEach(() => vi.restoreAllMocks())

  test('puts what belongs to nothing into the trash, once it is a day old, by the database alone', async () => {
    await add(await jpeg())
    await received(await jpeg(50, 50))
    expect(await stored()).toHaveLength(4)
    const walked = vi.spyOn(evidenceStorage(), 'list')
    expect(await sweepEvidence(new Date())).toMatchObject({ stored: 4, orphans: 0, swept: 0 })
    expect(await sweepEvidence(tomorrow())).toMatchObject({ stored: 4, orphans: 2, swept: 2 })
    expect(await inTrash()).toBe(2)
    expect(await sweepEvidence(tomorrow())).toMatchObject({ orphans: 0, swept: 0 })
    expect(walked).not.toHaveBeenCalled()
  })

  test('puts back what the database knows again, readable as before, and forgets the rest after the time of backups', async () => {
    const bytes = await jpeg()
    await add(bytes)
    await leave(1)
    const row = await db.evidence.findFirstOrThrow({ where: { caseId: key.caseId } })
    const { sealed, sha256, ...others } = row
    await db.evidence.delete({ where: { id: row.id } })
    expect(await sweepEvidence(tomorrow())).toMatchObject({ swept: 3, putBack: 0 })
    // An earlier database is restored.
    await db.evidence.create({
      data: { ...others, sealed: Buffer.from(sealed), sha256: Buffer.from(sha256) },
    })
    expect(await sweepEvidence(tomorrow())).toMatchObject({ swept: 0, putBack: 2, forgotten: 0 })
    const file = await openEvidence(me(), row.id, 'original', NOW)
    expect(file && (await buffer(file.content)).equals(bytes)).toBe(true)
    const much = new Date(tomorrow().getTime() + 35 * 86_400_000 + 1)
    expect(await inTrash()).toBe(1)
    expect(await sweepEvidence(much)).toMatchObject({ forgotten: 1 })
    expect(await stored()).toHaveLength(2)
    expect(await db.evidenceFile.count()).toBe(2)
  })

  test('moves nothing where more belongs to nothing than crashes explain, until somebody confirms the number', async () => {
    await leave(9)
    expect(await sweepEvidence(tomorrow())).toMatchObject({ stored: 9, orphans: 9, swept: 0 })
    expect(await inTrash()).toBe(0)
    expect(await troubleOf('evidence-sweep')).toMatchObject({ facts: { stored: 9, orphans: 9 } })
    expect(await sweepEvidence(tomorrow(), 8)).toMatchObject({ swept: 0 })
    expect(await sweepEvidence(tomorrow(), 9)).toMatchObject({ swept: 9 })
    expect(await troubleOf('evidence-sweep')).toBeNull()
    expect(await inTrash()).toBe(9)
    expect(await db.auditEntry.findFirst({ where: { act: 'installation.sweep' } })).toMatchObject({
      facts: { stored: 9, orphans: 9, confirmed: 9 },
    })
  })

  test('touches nothing where the store is another installation’s, as beside an empty database', async () => {
    await add(await jpeg())
    await evidenceStorage().join(randomUUID(), true)
    await db.evidence.deleteMany()
    await expect(sweepEvidence(tomorrow())).rejects.toThrow('belongs to the installation')
    expect(await stored()).toHaveLength(2)
    expect(await inTrash()).toBe(0)
  })

  test('removes what an upload left half written when its process died', async () => {
    const id = randomUUID()
    vi.spyOn(evidenceStorage(), 'put').mockReturnValueOnce(new Promise(() => {}))
    void store(key, id, 'original', Readable.from(['x']))
    await expect.poll(() => db.evidenceFile.count({ where: { storedAt: null } })).toBe(1)
    await mkdir(join(root, 'evidence', id.slice(0, 2)), { recursive: true })
    await writeFile(join(root, 'evidence', id.slice(0, 2), `${id}.original.half`), 'hal')
    expect(await stored()).toHaveLength(1)
    expect(await sweepEvidence(tomorrow())).toMatchObject({ swept: 1 })
    expect(await stored()).toEqual([])
  })
})

describe('what is removed for good', () => {
  afterEach(() => vi.restoreAllMocks())
  const soon = () => new Date(Date.now() + 120_000)
  const away = () => vi.spyOn(evidenceStorage(), 'remove').mockRejectedValue(new Error('away'))
  const oneId = async () => (await listEvidence(mine(), key.caseId))[0]?.id ?? ''

  test('goes although the store was away when it was to go, and stops at what it does not remove', async () => {
    await add(await jpeg())
    const fault = away()
    expect(await removeEvidence(mine(), CITIZEN, await oneId(), NOW)).toBe(true)
    expect(await removeLeftFiles(soon())).toBe(0)
    expect(await stored()).toHaveLength(2)
    fault.mockRestore()
    expect(await removeLeftFiles(new Date())).toBe(0)
    expect(await removeLeftFiles(soon())).toBe(2)
    expect(await stored()).toEqual([])
    expect(await db.evidenceFile.count()).toBe(0)
  })

  test('leaves no copy that a job was making at that moment', async () => {
    await add(await jpeg())
    const id = await oneId()
    const real = evidenceStorage().put.bind(evidenceStorage())
    vi.spyOn(evidenceStorage(), 'put').mockImplementationOnce(async (...put) => {
      await removeEvidence(mine(), CITIZEN, id, NOW)
      await real(...put)
    })
    await store(key, id, 'page1', Readable.from([Buffer.from('x')]))
    expect(await stored()).toEqual([])
    expect(await db.evidenceFile.count()).toBe(0)
  })

  test('each stored file is known with its size and hash as it lies there', async () => {
    await add(await jpeg())
    const files = await db.evidenceFile.findMany()
    expect(files).toHaveLength(2)
    for (const { evidenceId, part, byteSize, sha256, looseSince, storedAt } of files) {
      const bytes = await buffer(await evidenceStorage().open(`${evidenceId}.${part}`))
      expect([byteSize, Buffer.from(sha256 ?? [])]).toEqual([
        bytes.length,
        createHash('sha256').update(bytes).digest(),
      ])
      expect([looseSince, storedAt]).toEqual([null, expect.any(Date)])
    }
  })
})

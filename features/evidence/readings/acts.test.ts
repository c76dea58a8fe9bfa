import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { beforeEach, describe, expect, test } from 'vitest'
import { actAsCitizen } from '#features/cases/citizen/acts.ts'
import { readPhones } from '#features/cases/imeis/data.ts'
import { writeReading } from '#features/cases/imeis/rules.ts'
import { eraseEvidence } from '#features/privacy/erasure/acts.ts'
import { citizenScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { keyOf } from '#tests/case-key.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeCase, randomImei } from '#tests/factories/case.ts'
import { attach as attachTo } from '#tests/factories/evidence.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { boxLabel, heic, jpeg, pdf, pdfOfPages, textScreen } from '#tests/proof.ts'
import { full } from '#tests/runs.ts'
import { PAGE_SIDES } from '../files/limits-rules.ts'
import { listEvidence, openPage } from '../files/page-data.ts'
import { storageKey, storeBytes } from '../files.ts'
import { deriveEvidence } from '../jobs.ts'
import { queueUnread, READING_PROCESS, readEvidence } from './acts.ts'
import { readProofReading } from './data.ts'

const NOW = new Date()
const CITIZEN = { kind: 'citizen' } as const
let made: MadeCase
let mine: string
beforeEach(async () => {
  made = await makeCase()
  mine = made.imeis[0] ?? ''
})

const attach = (bytes: Buffer, fileName?: string, to = made) => attachTo(to.id, bytes, NOW, fileName)

/** Stores bytes that the upload would have refused. */
async function smuggle(bytes: Buffer, mediaType: string): Promise<string> {
  const key = await keyOf(made.id)
  const id = await attach(await jpeg())
  await storeBytes(key, id, 'original', bytes)
  await db.evidence.update({ where: { id }, data: { mediaType } })
  return id
}

const read = async (bytes: Buffer, fileName?: string) => {
  const id = await attach(bytes, fileName)
  await readEvidence(id, NOW)
  return id
}
const shown = (claimed = [keyed(mine)]) => readProofReading(citizenScope(made.id, 'full'), made.id, claimed)
const keyed = (imei: string) => imei.slice(0, 14)
const first = async () => {
  const [file] = (await shown()).files
  if (!file) throw new Error('no file')
  return file
}
const queued = async (): Promise<string[]> => {
  const { rows } = await superuser.query("SELECT data->>'id' AS id FROM pgboss.job WHERE name = 'proof-read'")
  return rows.map(({ id }) => id)
}
/** A picture too small for the reader to search. */
const small = () => jpeg(80, 60)
const readings = () => db.evidenceReading.findMany()

describe('what is read', () => {
  test('a label that shows the claimed phone and its second IMEI agrees, and says where they stand', async () => {
    const second = randomImei()
    await read(await boxLabel([mine, second, '8934567890123']))
    const { hint, files, others } = await shown()
    expect(hint).toBe('agrees')
    expect(files).toMatchObject([{ outcome: 'read', pages: 1, pagesRead: 1, says: 'agrees' }])
    expect(files[0]?.found.map(({ imei, page, method }) => [imei, page, method])).toEqual([
      [mine, 1, 'barcode'],
      [second, 1, 'barcode'],
    ])
    expect(others.map(({ imei }) => imei)).toEqual([second])
    // Barcodes are 600 pixels wide from x = 190, on a picture of 1200 × 1600; the second is 250 below the first.
    const [above, below] = files[0]?.found.map(({ box }) => box) ?? []
    const near = (share = 0, pixels = 0, of = 1) => expect(Math.abs(share * of - pixels)).toBeLessThan(90)
    near(above?.x, 190, 1200)
    near(above?.width, 600, 1200)
    near(above?.y, 170, 1600)
    near(below?.y, 420, 1600)
  })

  test('a label of another phone differs', async () => {
    const other = randomImei()
    await read(await boxLabel([other]))
    expect(await shown()).toMatchObject({ hint: 'differs', others: [{ imei: other }] })
  })

  test('letters are recognised where there is no barcode', async () => {
    await read(await textScreen(['IMEI', mine]))
    expect((await first()).found).toMatchObject([{ imei: mine, method: 'text', page: 1 }])
    expect((await first()).found[0]?.box?.y).toBeCloseTo(0.3, 1)
  })

  test('each page of a PDF is read, drawn, sealed beside the file, and goes with it', async () => {
    const other = randomImei()
    const pages = pdfOfPages([`Hoa don. IMEI: ${mine}`, await boxLabel([other]), 'Trang cuoi'])
    const id = await read(pages, 'hoa-don.pdf')
    expect(await first()).toMatchObject({ outcome: 'read', pages: 3, pagesRead: 3, says: 'agrees' })
    expect((await first()).found.map(({ imei, page, method }) => [imei, page, method])).toEqual([
      [mine, 1, 'text'],
      [other, 2, 'barcode'],
    ])
    const scope = citizenScope(made.id, 'full')
    const [item] = await listEvidence(scope, made.id)
    expect(item?.view).toBeNull()
    expect(item?.pages).toHaveLength(3)
    const reader = { scope, actor: CITIZEN }
    for (const [at, { width, height, turns }] of (item?.pages ?? []).entries()) {
      expect(turns).toBe(0)
      expect(Math.max(width, height)).toBe(2400)
      for (const side of PAGE_SIDES) {
        const drawn = await openPage(reader, id, { page: at + 1, side }, NOW)
        const bytes = drawn instanceof Readable ? await buffer(drawn) : drawn
        const { format, width: wide, height: high } = await sharp(bytes ?? undefined).metadata()
        expect([format, Math.max(wide, high)]).toEqual(['jpeg', side])
      }
    }
    expect(await openPage(reader, id, { page: 4, side: 480 }, NOW)).toBeNull()
    const stored = async () => {
      const files = await Array.fromAsync(evidenceStorage().list())
      return files.flatMap(({ key }) => (key.startsWith(id) ? [key] : []))
    }
    expect(await stored()).toEqual(['original', 'page1', 'page2', 'page3'].map((part) => `${id}.${part}`))
    const sealed = await buffer(await evidenceStorage().open(`${id}.page1`))
    expect(sealed.subarray(0, 2).toString('hex')).not.toBe('ffd8')
    await superuser.query(`UPDATE cases SET state = 'rejected' WHERE id = $1`, [made.id])
    expect(await eraseEvidence(made.id, NOW)).toMatchObject({ ok: true })
    expect(await stored()).toEqual([])
    expect(await db.evidenceFile.count()).toBe(0)
  })

  test('a photo that was taken sideways is read and shown upright, its frame with it', async () => {
    // The camera lay on its left: the picture is stored turned, and EXIF orientation 6 says so.
    const lying = await sharp(await boxLabel([mine]))
      .rotate(270)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const id = await read(lying)
    const scope = citizenScope(made.id, 'full')
    expect((await listEvidence(scope, made.id))[0]?.pages).toEqual([{ width: 1200, height: 1600, turns: 0 }])
    const { found } = await first()
    expect(found[0]?.box?.x).toBeCloseTo(190 / 1200, 1)
    expect(found[0]?.box?.y).toBeCloseTo(170 / 1600, 1)
    const shownCopy = await openPage({ scope, actor: CITIZEN }, id, { page: 1, side: 2400 }, NOW)
    const { orientation, width } = await sharp(await buffer(shownCopy as Readable)).metadata()
    expect([orientation, width]).toEqual([undefined, 1200])
  })

  test.runIf(full)('a PDF of many pages is read as far as ten', async () => {
    await read(pdfOfPages([...Array.from({ length: 11 }, () => 'Trang'), `IMEI ${mine}`]), 'dai.pdf')
    expect(await first()).toMatchObject({ pages: 12, pagesRead: 10, found: [] })
  })

  test.each([
    ...(full ? ([['a photo of nothing', () => jpeg(), 'read']] as const) : []),
    ['a picture in which no fifteen digits fit', small, 'read'],
    ['a PDF without pages', async () => pdf(), 'unreadable'],
  ] as const)('%s: said so', async (_, make, outcome) => {
    await read(await make())
    expect(await shown()).toMatchObject({ hint: 'nothing', files: [{ outcome, says: 'nothing', found: [] }] })
  })

  test('a HEIC is read once its copy is made', async () => {
    const id = await attach(heic(), 'IMG.HEIC')
    await readEvidence(id, NOW)
    expect(await readings()).toEqual([])
    expect(await queued()).toEqual([])
    await deriveEvidence(id, NOW)
    expect(await queued()).toEqual([id])
    await readEvidence(id, NOW)
    expect(await first()).toMatchObject({ outcome: 'read', found: [] })
  })
})

describe('hostile files', () => {
  test('60 megapixels are refused at the door, and by the reader', async () => {
    const huge = await sharp({ create: { width: 10_000, height: 6_000, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer()
    await expect(attach(huge)).rejects.toThrow('pixels')
    await readEvidence(await smuggle(huge, 'image/jpeg'), NOW)
    expect(await first()).toMatchObject({ outcome: 'unreadable' })
  })

  test.each([
    ['noise that says it is a picture', 'image/png', () => randomBytes(50_000)],
    [
      'noise that says it is a PDF',
      'application/pdf',
      () => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(50_000)]),
    ],
    ['a picture cut off', 'image/jpeg', async () => (await jpeg()).subarray(0, -2000)],
  ] as const)('%s cannot be read, and is not tried again', async (_, type, make) => {
    const id = await smuggle(await make(), type)
    await readEvidence(id, NOW)
    await readEvidence(id, NOW)
    expect(await readings()).toMatchObject([{ outcome: 'unreadable', attempts: 1, sealed: null }])
  })

  test('one that takes its process down is tried three times, and given up; nothing else ends with it', async () => {
    const id = await attach(await boxLabel([mine]))
    // Every process needs more than a megabyte, so it is killed at work like one that uses too much memory.
    const limits = { ...READING_PROCESS, memoryMb: 1 }
    await expect(readEvidence(id, NOW, limits)).rejects.toMatchObject({ name: 'Overloaded' })
    expect(await shown()).toMatchObject({ hint: 'unread' })
    await expect(readEvidence(id, NOW, limits)).rejects.toMatchObject({ name: 'Overloaded' })
    await readEvidence(id, NOW, limits)
    expect(await readings()).toMatchObject([{ outcome: 'given_up', attempts: 3 }])
  })

  test('one that took the whole worker down three times is not begun again', async () => {
    const id = await attach(await boxLabel([mine]))
    await db.evidenceReading.create({ data: { evidenceId: id, attempts: 3, readerVersion: 1 } })
    await readEvidence(id, NOW)
    expect(await readings()).toMatchObject([{ outcome: 'given_up' }])
  })
})

/** Returns the child processes that read files. */
const readers = (): string[] => {
  const own = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return own.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('evidence/reading.ts')
    } catch {
      return false
    }
  })
}

describe.runIf(process.platform === 'linux')('the process', () => {
  test('is kept for the next picture; a PDF has one of its own; one that has ended is replaced', async () => {
    await read(await small())
    const [kept, ...more] = readers()
    expect(more).toEqual([])
    await read(await jpeg(81, 60))
    await read(pdfOfPages(['Trang']), 'hoa-don.pdf')
    await expect.poll(readers).toEqual([kept])
    process.kill(Number(kept), 'SIGKILL')
    await expect.poll(readers).toEqual([])
    // This process learns of the end a moment after the system.
    await setTimeout(500)
    await read(await jpeg(82, 60))
    expect(await readings()).toMatchObject(Array(4).fill({ outcome: 'read', attempts: 1 }))
    expect(readers()).toHaveLength(1)
  })
})

describe('the job', () => {
  test('is queued with the file, and not for a draft', async () => {
    const id = await attach(await small())
    expect(await queued()).toEqual([id])
  })

  test('twice, or twice at once, reads once', async () => {
    const id = await attach(await boxLabel([mine]))
    await Promise.all([readEvidence(id, NOW), readEvidence(id, NOW)])
    const [before] = await readings()
    await readEvidence(id, new Date(NOW.getTime() + 60_000))
    expect(await readings()).toEqual([before])
    const entries = await db.auditEntry.findMany({ where: { act: 'evidence.read' } })
    expect(entries.map(({ facts, actorKind, subjectId }) => [facts, actorKind, subjectId])).toEqual([
      [{ state: 'read', count: 1 }, 'system', id],
    ])
  })

  test('of a file that is gone, or of a draft’s, does nothing', async () => {
    await readEvidence(randomUUID(), NOW)
    const id = await attach(await small())
    await superuser.query('SET session_replication_role = replica')
    await superuser.query('DELETE FROM cases')
    await superuser.query('SET session_replication_role = DEFAULT')
    await readEvidence(id, NOW)
    expect(await readings()).toEqual([])
  })

  test('of a withdrawn report does nothing; once that is undone its files are read', async () => {
    const id = await attach(await boxLabel([mine]))
    await superuser.query(`UPDATE cases SET state = 'withdrawn' WHERE id = $1`, [made.id])
    await readEvidence(id, NOW)
    expect(await readings()).toEqual([])
    await superuser.query(`UPDATE cases SET state = 'submitted' WHERE id = $1`, [made.id])
    await superuser.query("DELETE FROM pgboss.job WHERE name = 'proof-read'")
    expect(await queueUnread(new Date(NOW.getTime() + 3_600_000))).toBe(1)
    await readEvidence(id, NOW)
    expect(await readings()).toMatchObject([{ outcome: 'read' }])
  })

  test('whose store fails comes again, and no try is counted', async () => {
    const id = await attach(await boxLabel([mine]))
    await db.evidence.update({ where: { id }, data: { originalKey: storageKey(randomUUID(), 'original') } })
    const key = await keyOf(made.id)
    await storeBytes(key, id, 'original', Buffer.alloc(0))
    const { evidenceStorage } = await import('#platform/storage.ts')
    await evidenceStorage().remove(storageKey(id, 'original'))
    await expect(readEvidence(id, NOW)).rejects.toThrow()
    expect(await readings()).toEqual([])
  })

  test('is queued again for files of open cases that nobody has read', async () => {
    const [unread, done] = [await attach(await small()), await read(await small())]
    await superuser.query("DELETE FROM pgboss.job WHERE name = 'proof-read'")
    expect(await queueUnread(NOW)).toBe(0)
    expect(await queueUnread(new Date(NOW.getTime() + 3_600_000))).toBe(1)
    expect(await queued()).toEqual([unread])
    expect(done).not.toBe(unread)
  })
})

describe('who sees it', () => {
  test('digits lie sealed under the case’s key', async () => {
    await read(await boxLabel([mine]))
    const { rows } = await superuser.query('SELECT r::text AS row, sealed FROM evidence_readings r')
    expect(rows).toHaveLength(1)
    expect(rows[0].row).not.toContain(mine)
    expect(Buffer.from(rows[0].sealed).includes(mine)).toBe(false)
  })

  test('police of the district: whether it agrees, and the digits once they have opened the evidence', async () => {
    const other = randomImei()
    await read(await boxLabel([other]))
    const officer = staffScope(await makeStaff('officer', { unitId: 'quan-3' }))
    if (!officer) throw new Error('no scope')
    const closed = await readProofReading(officer, made.id, [keyed(mine)], false)
    expect(closed).toMatchObject({ hint: 'differs', files: [{ says: 'differs', found: [] }], others: [] })
    const opened = await readProofReading(officer, made.id, [keyed(mine)], true)
    expect(opened.others).toMatchObject([{ imei: other }])
  })

  test('nobody else: no other district, no other case, no visit with a code', async () => {
    await read(await boxLabel([mine]))
    const stranger = staffScope(await makeStaff('officer', { unitId: 'quan-1' }))
    if (!stranger) throw new Error('no scope')
    const nothing = { hint: null, files: [], others: [] }
    const other = await makeCase()
    for (const scope of [stranger, citizenScope(other.id, 'full'), citizenScope(made.id, 'status')])
      expect(await readProofReading(scope, made.id, [keyed(mine)], true)).toEqual(nothing)
    // Row-level security on the table itself, through the product's own connection.
    const { db: own } = await import('#platform/db.ts')
    const count = (scope: Parameters<typeof inScope>[0]) => inScope(scope, () => own.evidenceReading.count())
    expect(await count(stranger)).toBe(0)
    expect(await count(citizenScope(other.id, 'full'))).toBe(0)
    expect(await count(citizenScope(made.id, 'full'))).toBe(1)
    expect(await count(systemScope())).toBe(1)
    expect(await own.evidenceReading.count()).toBe(0)
  })

  test('it goes with its file', async () => {
    const id = await read(await boxLabel([mine]))
    await superuser.query(`UPDATE cases SET state = 'rejected' WHERE id = $1`, [made.id])
    expect(await eraseEvidence(made.id, NOW)).toMatchObject({ ok: true })
    expect(await readings()).toEqual([])
    await readEvidence(id, NOW)
    expect(await readings()).toEqual([])
  })
})

describe('a case without an IMEI', () => {
  const give = async (evidence: string, at = 0) => {
    const { version } = await db.case.findUniqueOrThrow({ where: { id: made.id } })
    const act = {
      act: 'give_imei',
      message: '',
      submitKey: randomUUID(),
      version,
      kind: 'box',
      files: [],
    } as const
    const imei = { read: { evidence, at } }
    return actAsCitizen(citizenScope(made.id, 'full'), { ...act, key: await keyOf(made.id), imei }, NOW)
  }
  const claims = () =>
    db.caseImei.findMany({ where: { caseId: made.id }, select: { imei: true, primaryClaim: true } })

  test('is offered what was read on its proof, and its person chooses it', async () => {
    const phone = randomImei()
    made = await makeCase({ imeis: [] })
    const id = await read(await boxLabel([phone]))
    const reading = await shown([])
    expect(reading.hint).toBe('unclaimed')
    const [offered] = await readPhones(reading)
    expect(offered).toMatchObject({ imei: phone, choice: writeReading({ evidence: id, at: 0 }) })
    expect(offered?.choice).not.toContain(phone)
    // Nothing is set automatically.
    expect(await claims()).toEqual([])
    expect(await give(id)).toMatchObject({ ok: true })
    expect(await claims()).toEqual([{ imei: phone, primaryClaim: true }])
  })

  test('is set neither to what was not read, nor to what stands on another’s proof', async () => {
    const other = made
    const theirs = await read(await boxLabel([randomImei()]))
    made = await makeCase({ imeis: [] })
    const id = await read(await boxLabel([randomImei()]))
    for (const [evidence, at] of [
      [theirs, 0],
      [id, 1],
      [randomUUID(), 0],
    ] as const)
      expect(await give(evidence, at)).toEqual({ ok: false, error: 'imei_not_named' })
    expect(await claims()).toEqual([])
    expect(other.id).not.toBe(made.id)
  })
})

test('nothing of a case changes by it: no state, no clock, no order, no version of its evidence', async () => {
  const id = await attach(await boxLabel([randomImei()]))
  const whole = async () => {
    const { rows } = await superuser.query(`
      SELECT (SELECT jsonb_agg(c) FROM cases c) AS cases, (SELECT jsonb_agg(e) FROM case_events e) AS events,
        (SELECT jsonb_agg(i) FROM case_imeis i) AS imeis, (SELECT jsonb_agg(k) FROM case_keys k) AS keys,
        (SELECT count(*) FROM carrier_orders) AS orders, (SELECT count(*) FROM notices) AS notices,
        (SELECT count(*) FROM proof_checks) AS checks`)
    return rows[0]
  }
  const before = await whole()
  await readEvidence(id, NOW)
  expect((await shown()).hint).toBe('differs')
  expect(await whole()).toEqual(before)
})

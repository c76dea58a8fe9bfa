import { randomBytes, randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { signIn } from '#features/accounts/sign-in/acts.ts'
import { env } from '#platform/env.ts'
import { db, transaction } from '#tests/db.ts'
import { makeCase, randomImei } from '#tests/factories/case.ts'
import { codeAt, createAccount, makeStaff } from '#tests/factories/staff.ts'
import { addFound, readUpload } from '../found/acts.ts'
import { readFoundPhone, readUploadPreview } from '../found/page-data.ts'
import { openCaseFile } from '../particulars/data.ts'
import { searchRows } from '../queue/row-data.ts'
import { readSearch } from '../queue/search-rules.ts'
import { rotateKeys } from './acts.ts'

const now = new Date('2026-11-23T02:00:00Z')
const keys = env() as {
  -readonly [K in 'ANTAM_KEY' | 'ANTAM_INDEX_KEY']: { version: number; bytes: Buffer }
} & { ANTAM_KEY_ALSO?: unknown; ANTAM_INDEX_KEY_ALSO?: unknown }

/** Sets new keys beside the old ones, as after a start with other variables. */
function change(version: number): void {
  keys.ANTAM_KEY_ALSO = keys.ANTAM_KEY
  keys.ANTAM_INDEX_KEY_ALSO = keys.ANTAM_INDEX_KEY
  keys.ANTAM_KEY = { version, bytes: randomBytes(32) }
  keys.ANTAM_INDEX_KEY = { version, bytes: randomBytes(32) }
}
function forgetOld(): void {
  delete keys.ANTAM_KEY_ALSO
  delete keys.ANTAM_INDEX_KEY_ALSO
}
const nameOf = async (id: string): Promise<string> => (await openCaseFile({ id }, db)).particulars.fullName
const found = async (words: string): Promise<number> =>
  (await searchRows({ kind: 'city' } as never, readSearch(words, now), 50)).length

it('brings keys and index under new keys while cases are read and written, whenever it is stopped', async () => {
  const before = { ...keys }
  onTestFinished(() => {
    forgetOld()
    Object.assign(keys, before)
  })
  const old = await Promise.all(Array.from({ length: 7 }, () => makeCase({ now })))
  const name = await nameOf(old[0]?.id ?? '')
  expect(await found(name)).toBe(7)
  const officer = await makeStaff('officer')
  const note = 'Anh Bình giao nộp'
  const written = { imei: randomImei(), foundOn: '2026-11-20', foundPlace: 'Chợ', custody: 'Công an', note }
  const kept = await addFound(officer, { typed: written, submitKey: randomUUID() }, now)
  const waiting = await readUpload(officer, Buffer.from(`imei\n${randomImei()}`), now)

  change(2)
  const erased = await makeCase({ now })
  await db.blindIndex.deleteMany({ where: { caseId: erased.id } })
  await db.caseKey.update({
    where: { caseId: erased.id },
    data: { wrapped: new Uint8Array(0), wrapKeyVersion: 1 },
  })
  const between = await makeCase({ now })
  expect(await found(name), 'under both keys').toBe(8)
  let batches = 0
  const stopped = rotateKeys(2, () => {
    if (++batches === 2) throw new Error('killed')
  })
  await expect(stopped).rejects.toThrow('killed')
  expect(await db.caseKey.count({ where: { wrapKeyVersion: 1 } })).toBe(4)
  for (const { id } of [...old, between]) expect(await nameOf(id)).toBe(name)
  expect(await found(name)).toBe(8)

  expect(await rotateKeys(2)).toBe(true)
  forgetOld()
  for (const { id } of [...old, between]) expect(await nameOf(id)).toBe(name)
  expect(await found(name)).toBe(8)
  expect(await db.blindIndex.count({ where: { version: { not: 2 } } })).toBe(0)
  expect((await readFoundPhone(officer, kept.ok ? kept.value : ''))?.note).toBe(note)
  expect(await readUploadPreview(officer, waiting.ok ? waiting.value : '', now)).toMatchObject({ good: 0 })
})

it('brings second factors under the new key', async () => {
  const before = { ...keys }
  onTestFinished(() => {
    forgetOld()
    Object.assign(keys, before)
  })
  const [email, password] = ['lan@congan.example', 'con mèo ngủ trên mái nhà']
  const account = {
    email,
    name: 'Lan',
    role: 'admin',
    unitId: null,
    agencyId: null,
    carrierId: null,
  } as const
  await transaction((tx) => createAccount(tx, account, password))
  const enter = async (off: number) =>
    (await signIn({ email, password, otp: codeAt(now, off), device: undefined }, now)).ok
  change(2)
  expect(await enter(-1)).toBe(true)
  expect(await rotateKeys()).toBe(true)
  forgetOld()
  expect(await enter(0)).toBe(true)
})

it('changes nothing while a key is missing that something was wrapped with', async () => {
  const before = { ...keys }
  onTestFinished(() => {
    Object.assign(keys, before)
  })
  const { id } = await makeCase({ now })
  change(3)
  forgetOld()
  await expect(rotateKeys()).rejects.toThrow('wrapping key 1 is not given')
  Object.assign(keys, before)
  expect(await nameOf(id)).not.toBe('')
})

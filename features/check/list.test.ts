import { describe, expect, it } from 'vitest'
import { LIMITS } from '#lib/access/limits.ts'
import { STAFF_ROLES } from '#lib/access/roles.ts'
import { MAX_LIST } from '#lib/imei/list.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeCase, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { statementsOf } from '#tests/same-work.ts'
import { checkList } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const { amount } = LIMITS.shop_account
const paste = (text: string) => ({ text, file: null })
const entries = () => db.auditEntry.findMany({ where: { act: 'check.list' }, orderBy: { id: 'asc' } })

describe('checkList', () => {
  it('says of every line, in its order, what the public check says and nothing more', async () => {
    const shop = await makeStaff('shop')
    const [reported, other, unseen] = [randomImei(), randomImei(), randomImei()]
    await makeBlockingCase({ imeis: [reported] })
    await makeCase({ imeis: [unseen] })
    const text = `${other}\nnghe\n${reported.slice(0, 14)}\n${unseen}`
    const file = Buffer.from(`\ufeffhãng;imei\r\nOppo;"=""${reported.slice(0, 14)}07"""`)
    const checked = await checkList(shop, { text, file }, now)
    const line = { fault: null, sameAs: null }
    expect(checked).toEqual(
      ok({
        remaining: amount - 3,
        lines: [
          { ...line, written: other, imei: other, result: 'not_reported' },
          { ...line, written: 'nghe', imei: '', result: 'invalid', fault: 'letters' },
          { ...line, written: reported.slice(0, 14), imei: reported, result: 'reported' },
          { ...line, written: unseen, imei: unseen, result: 'not_reported' },
          { ...line, written: `${reported.slice(0, 14)}07`, imei: reported, result: 'reported', sameAs: 3 },
        ],
      }),
    )
    // Counts only, no IMEI.
    const [entry, ...more] = await entries()
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      actorId: shop.id,
      subjectId: shop.id,
      facts: { lines: 5, phones: 3, reported: 1 },
    })
    const { rows } = await superuser.query(
      `SELECT row_to_json(a)::text AS row FROM audit_entries a WHERE act = 'check.list'`,
    )
    for (const imei of [reported, other, unseen]) expect(rows[0].row).not.toContain(imei.slice(0, 14))
  })

  it('looks a whole list up in one statement', async () => {
    const shop = await makeStaff('shop')
    const list = (count: number) => paste(Array.from({ length: count }, randomImei).join('\n'))
    await checkList(shop, list(1), now)
    const few = await statementsOf(() => checkList(shop, list(2), now))
    expect(await statementsOf(() => checkList(shop, list(MAX_LIST), now))).toEqual(few)
    expect(few.filter((one) => one.includes('check_imei_list'))).toHaveLength(1)
  })

  it('lets each account look up so many a day, also all at once, and counts no list that is refused', async () => {
    const [shop, other] = [await makeStaff('shop'), await makeStaff('shop')]
    const list = paste(Array.from({ length: MAX_LIST }, randomImei).join('\n'))
    const lists = amount / MAX_LIST
    const answers = await Promise.all(Array.from({ length: lists + 3 }, () => checkList(shop, list, now)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(lists)
    const late = err({ kind: 'too_often', remaining: 0 })
    expect(answers.filter(({ ok }) => !ok)).toEqual([late, late, late])
    expect(await entries()).toHaveLength(lists)
    expect((await checkList(other, list, now)).ok).toBe(true)
    expect((await checkList(shop, paste('chẳng có số nào'), now)).ok).toBe(true)
    expect((await checkList(shop, list, addMilliseconds(now, DAY))).ok).toBe(true)
  })

  it('is for shops alone, and for lists of some length', async () => {
    for (const role of STAFF_ROLES.filter((one) => one !== 'shop'))
      expect(await checkList(await makeStaff(role), paste(randomImei()), now), role).toEqual(
        err({ kind: 'forbidden' }),
      )
    const shop = await makeStaff('shop')
    const refused = async (text: string, file: Uint8Array | null = null) => {
      const checked = await checkList(shop, { text, file }, now)
      return checked.ok ? null : checked.error.kind
    }
    expect(await refused(' \n;')).toBe('empty')
    expect(await refused(`${randomImei()}\n`.repeat(MAX_LIST + 1))).toBe('too_many')
    expect(await refused(randomImei(), Buffer.from('hãng;giá\nOppo;1'))).toBe('no_imei')
    expect(await refused('', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0xff]))).toBe('encoding')
    expect(await refused('', Buffer.from(`imei\n${'1\n'.repeat(MAX_LIST + 1)}`))).toBe('too_many_rows')
    expect(await entries()).toEqual([])
  })
})

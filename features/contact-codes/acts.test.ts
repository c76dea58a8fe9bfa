import { describe, expect, it } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { newestCode } from '#tests/factories/messages.ts'
import { checkCode, confirmByCode, countAsk, hashAsker, sendContactCode } from './acts.ts'
import { contactHash } from './data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const contact: Contact = { kind: 'email', value: 'lan@example.vn' }
const purpose = 'confirm_contact' as const

const HERE = '203.0.113.7'
const send = (key: CaseKey, at = now, { to = contact, address = HERE } = {}) =>
  transaction((tx) =>
    confirmByCode(tx, { key, contact: to, locale: 'vi', number: 'HCM-1', address, now: at }),
  )
const ask = (asked: 'resume_draft' | 'view_status', address: string, at = now) =>
  transaction((tx) => countAsk(tx, { about: contact, purpose: asked, address, ownId: null, now: at }))
const check = (key: CaseKey, code: string, at = now) =>
  transaction((tx) => checkCode(tx, { caseId: key.caseId, purpose, code, now: at }))

const sentCode = ({ caseId }: CaseKey) => newestCode({ caseId, template: 'code_confirm_contact' })
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('sendCode', () => {
  it('sends six digits and keeps only a hash of them', async () => {
    const key = await storedCaseKey(now)
    expect(await send(key)).toEqual(ok(null))
    const code = await sentCode(key)
    expect(code).toMatch(/^\d{6}$/)
    const { rows } = await superuser.query('SELECT row_to_json(c)::text AS row FROM contact_codes c')
    expect(rows).toHaveLength(1)
    expect(rows[0].row).not.toContain(code)
    const jobs = await superuser.query(`SELECT data::text FROM pgboss.job WHERE name = 'notice-send'`)
    expect(jobs.rows).toHaveLength(1)
    expect(jobs.rows[0].data).not.toContain(code)
  })

  it('allows a draft three an hour to a contact, even asked for at once', async () => {
    const key = await storedCaseKey(now)
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(key)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(3)
    const to: Contact = { kind: 'email', value: 'LAN@example.vn' }
    expect(await send(key, addMilliseconds(now, 59 * MINUTE), { to })).toEqual(err('too_many'))
    expect((await send(key, addMilliseconds(now, 61 * MINUTE))).ok).toBe(true)
    expect(await db.notice.count()).toBe(4)
  })

  it('sends a contact no more than ten first codes an hour from one network, deleted drafts counted', async () => {
    const sent: boolean[] = []
    for (let n = 0; n < 11; n++) {
      const key = await storedCaseKey(now)
      sent.push((await send(key)).ok)
      await db.caseKey.delete({ where: { caseId: key.caseId } })
    }
    expect(sent.filter((ok) => ok)).toHaveLength(10)
    expect((await send(await storedCaseKey(now), now, { address: '203.0.113.9' })).ok).toBe(true)
  })

  it('leaves a draft its codes, however often strangers ask for its contact, for whatever purpose', async () => {
    for (const asked of ['resume_draft', 'view_status'] as const)
      for (let n = 0; n < 20; n++) await ask(asked, `198.51.100.${n}`)
    for (let n = 0; n < 20; n++) await send(await storedCaseKey(now), now, { address: `198.51.100.${n}` })
    expect(await send(await storedCaseKey(now), now, { address: '203.0.113.9' })).toEqual(ok(null))
  })

  it('counts what is asked for each network apart, whether it is sent or not', async () => {
    const answers = []
    for (let n = 0; n < 4; n++) answers.push(await ask('resume_draft', HERE))
    expect(answers).toEqual([true, true, true, false])
    expect(await ask('view_status', HERE)).toBe(true)
    expect(await ask('resume_draft', '203.0.113.9')).toBe(true)
    expect(await ask('resume_draft', HERE, addMilliseconds(now, 61 * MINUTE))).toBe(true)
    expect(await db.notice.count()).toBe(0)
  })

  it('counts nothing that was rolled back', async () => {
    const key = await storedCaseKey(now)
    for (let n = 0; n < 5; n++) {
      const work = transaction(async (tx) => {
        await confirmByCode(tx, { key, contact, locale: 'vi', number: 'HCM-1', address: HERE, now })
        throw new Error('the act failed')
      })
      await expect(work).rejects.toThrow('the act failed')
    }
    expect((await send(key)).ok).toBe(true)
  })
})

describe('checkCode', () => {
  it('accepts the right code once, and says whose it was', async () => {
    const key = await storedCaseKey(now)
    await send(key)
    const code = await sentCode(key)
    const answer = await check(key, code)
    expect(answer.ok && Buffer.from(answer.value.contactHash)).toEqual(Buffer.from(contactHash(contact)))
    expect(await check(key, code)).toEqual(err('wrong'))
  })

  it('accepts it once of many at the same moment', async () => {
    const key = await storedCaseKey(now)
    await send(key)
    const code = await sentCode(key)
    const answers = await Promise.all([1, 2, 3, 4].map(() => check(key, code)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  })

  it('is void for another case, another purpose, after 15 minutes and after a newer one', async () => {
    const key = await storedCaseKey(now)
    await send(key)
    const first = await sentCode(key)
    expect((await check(await storedCaseKey(now), first)).ok).toBe(false)
    const other = transaction((tx) =>
      checkCode(tx, { caseId: key.caseId, purpose: 'view_status', code: first, now }),
    )
    expect((await other).ok).toBe(false)
    expect(await check(key, first, addMilliseconds(now, 15 * MINUTE))).toEqual(err('expired'))
    const later = addMilliseconds(now, MINUTE)
    await send(key, later)
    const second = await sentCode(key)
    if (first !== second) expect(await check(key, first, later)).toEqual(err('wrong'))
    expect((await check(key, second, later)).ok).toBe(true)
  })

  it('counts wrong tries although the act is refused, and after five takes no code', async () => {
    const key = await storedCaseKey(now)
    await send(key)
    const code = await sentCode(key)
    const errors: unknown[] = []
    for (let n = 0; n < 5; n++) {
      const refused = transaction(async (tx) => {
        const answer = await checkCode(tx, { caseId: key.caseId, purpose, code: otherThan(code), now })
        if (!answer.ok) errors.push(answer.error)
        throw new Error('refused')
      })
      await expect(refused).rejects.toThrow('refused')
    }
    expect(errors).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'too_many_tries'])
    expect(await check(key, code)).toEqual(err('too_many_tries'))
  })

  it('counts every one of many tries at once, with more of them than connections', async () => {
    const key = await storedCaseKey(now)
    await send(key)
    const code = await sentCode(key)
    const tries = await Promise.all(Array.from({ length: 25 }, () => check(key, otherThan(code))))
    expect(tries.filter((answer) => !answer.ok && answer.error === 'wrong')).toHaveLength(4)
    expect((await check(key, code)).ok).toBe(false)
  })

  it('takes nothing from the owner, however many wrong codes strangers enter', async () => {
    const key = await storedCaseKey(now)
    const askFor = (mark: string) =>
      transaction((tx) =>
        sendContactCode(tx, {
          ...{ key, purpose: 'resume_draft', contact, locale: 'vi', number: 'HCM-1', now },
          asker: hashAsker(mark),
        }),
      )
    const enter = (mark: string, code: string) =>
      transaction((tx) =>
        checkCode(tx, { caseId: key.caseId, purpose: 'resume_draft', code, asker: hashAsker(mark), now }),
      )
    await askFor('owner')
    const code = await newestCode({ caseId: key.caseId })
    for (let n = 0; n < 10; n++) {
      await askFor(`stranger ${n}`)
      for (let tries = 0; tries < 6; tries++)
        expect((await enter(`stranger ${n}`, otherThan(code))).ok).toBe(false)
    }
    // A stranger who reads the code over the owner's shoulder cannot use it either.
    expect((await enter('stranger 0', code)).ok).toBe(false)
    expect((await enter('owner', code)).ok).toBe(true)
  })

  it('takes no more than a hundred wrong codes an hour for one contact, from everywhere', async () => {
    const key = await storedCaseKey(now)
    const enter = () =>
      transaction((tx) => checkCode(tx, { caseId: key.caseId, purpose: 'view_status', code: '000000', now }))
    for (let n = 0; n < LIMITS.code_guesses.amount; n++) expect(await enter()).toEqual(err('wrong'))
    expect(await enter()).toEqual(err('too_many_tries'))
  })

  it('does not use the code up when the act it was for failed', async () => {
    const key = await storedCaseKey(now)
    await send(key)
    const code = await sentCode(key)
    const failed = transaction(async (tx) => {
      expect((await checkCode(tx, { caseId: key.caseId, purpose, code, now })).ok).toBe(true)
      throw new Error('the act failed')
    })
    await expect(failed).rejects.toThrow('the act failed')
    expect((await check(key, code)).ok).toBe(true)
  })
})

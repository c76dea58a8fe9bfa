import { describe, expect, it } from 'vitest'
import { LIMITS } from '#lib/access/limits.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { transaction } from '#tests/db.ts'
import { withinLimit } from './commands.ts'

const now = new Date('2026-11-24T03:00:00Z')
const { amount, window } = LIMITS.check_address
const uses = (n: number, subject = '203.0.113.7', at = now) =>
  Promise.all(Array.from({ length: n }, () => withinLimit('check_address', subject, at)))
const allowed = (answers: readonly { allowed: boolean }[]) => answers.filter((one) => one.allowed).length

describe('withinLimit', () => {
  it('allows as many as its limit, also all at once, and then says how long to wait', async () => {
    const answers = await uses(amount + 20)
    expect(allowed(answers)).toBe(amount)
    expect(await withinLimit('check_address', '203.0.113.7', addMilliseconds(now, 20_500))).toEqual({
      allowed: false,
      retryAfterSeconds: Math.ceil((window - 20_500) / 1000),
    })
    expect(allowed(await uses(amount + 1, '203.0.113.7', addMilliseconds(now, window)))).toBe(amount)
  })

  it('counts each subject and each kind by itself', async () => {
    await uses(amount)
    expect(allowed(await uses(1, '203.0.113.8'))).toBe(1)
    expect((await withinLimit('sign_in_address', '203.0.113.7', now)).allowed).toBe(true)
    expect(allowed(await uses(1))).toBe(0)
  })

  it('keeps its count when the work around it is rolled back', async () => {
    for (let n = 0; n < amount; n++) {
      const work = transaction(async () => {
        await withinLimit('check_address', '203.0.113.9', now)
        throw new Error('refused')
      })
      await expect(work).rejects.toThrow('refused')
    }
    expect(allowed(await uses(1, '203.0.113.9'))).toBe(0)
  })

  it('stores nothing that leads to an address, and another name every day', async () => {
    await uses(1)
    await uses(1, '203.0.113.7', addMilliseconds(now, DAY))
    const { rows } = await superuser.query('SELECT row_to_json(r)::text AS row FROM rate_limits r')
    expect(rows).toHaveLength(2)
    for (const { row } of rows) expect(row).not.toContain('203.0.113')
  })

  it('is not written ahead', async () => {
    const { rows } = await superuser.query(
      `SELECT relpersistence FROM pg_class WHERE relname = 'rate_limits'`,
    )
    expect(rows).toEqual([{ relpersistence: 'u' }])
  })
})

import { describe, expect, it } from 'vitest'
import { addMilliseconds, HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { beginVisit, endVisit } from './acts.ts'
import { findVisit, keepVisit, setFlash, takeFlash } from './data.ts'

const NOW = new Date('2026-11-24T03:00:00Z')

describe('a visit', () => {
  it('opens its one case at its level, by a token that is stored nowhere', async () => {
    const { id, number } = await makeCase()
    const token = await beginVisit(id, 'status', undefined, NOW)
    expect(await findVisit(token, NOW)).toMatchObject({
      caseId: id,
      number,
      access: 'status',
      hasFlash: false,
    })
    expect(await findVisit(`${token}x`, NOW)).toBeNull()
    const { rows } = await superuser.query('SELECT row_to_json(s)::text AS row FROM case_sessions s')
    expect(rows).toHaveLength(1)
    expect(rows[0].row).not.toContain(token)
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'case.open' } })
    expect(entry).toMatchObject({ actorKind: 'citizen', subjectId: id, facts: { access: 'status' } })
  })

  it('lasts two hours from its last use', async () => {
    const { id } = await makeCase()
    const token = await beginVisit(id, 'full', undefined, NOW)
    const later = addMilliseconds(NOW, 119 * MINUTE)
    const visit = await findVisit(token, later)
    if (!visit) throw new Error('ended too early')
    await keepVisit(token, visit.expiresAt, later)
    expect(await findVisit(token, addMilliseconds(NOW, 3 * HOUR))).not.toBeNull()
    expect(await findVisit(token, addMilliseconds(later, 2 * HOUR))).toBeNull()
  })

  it('has a token of its own, never one that the browser was made to bring along', async () => {
    const [mine, other] = [await makeCase(), await makeCase()]
    const planted = await beginVisit(other.id, 'full', undefined, NOW)
    for (const brought of [planted, 'planted', '']) {
      const token = await beginVisit(mine.id, 'full', brought, NOW)
      expect(token).not.toBe(brought)
      expect(await findVisit(token, NOW)).toMatchObject({ caseId: mine.id })
      expect(await findVisit(brought, NOW)).toBeNull()
    }
  })

  it('ends when the browser opens another, and when the person ends it', async () => {
    const { id } = await makeCase()
    const first = await beginVisit(id, 'full', undefined, NOW)
    const second = await beginVisit(id, 'full', first, NOW)
    expect(await findVisit(first, NOW)).toBeNull()
    expect(await findVisit(second, NOW)).not.toBeNull()
    await endVisit(second)
    expect(await findVisit(second, NOW)).toBeNull()
    expect(await db.caseSession.count()).toBe(0)
  })

  it("keeps something for its next page, once, and unreadable without the browser's token", async () => {
    const { id } = await makeCase()
    const [token, others] = [
      await beginVisit(id, 'full', undefined, NOW),
      await beginVisit(id, 'full', undefined, NOW),
    ]
    await setFlash(token, { act: 'reply', values: { message: 'Tôi ở nhà' } })
    const { rows } = await superuser.query(`SELECT flash FROM case_sessions WHERE flash IS NOT NULL`)
    expect(rows[0].flash.toString()).not.toContain('nhà')
    expect((await findVisit(token, NOW))?.hasFlash).toBe(true)
    expect(await takeFlash(others)).toBeNull()
    expect(await takeFlash(token)).toEqual({ act: 'reply', values: { message: 'Tôi ở nhà' } })
    expect(await takeFlash(token)).toBeNull()
  })
})

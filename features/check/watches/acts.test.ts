import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  randomImei,
  unblock,
} from '#tests/factories/case.ts'
import { sentMessages } from '#tests/factories/messages.ts'
import { must } from '#tests/must.ts'
import { askWatch, confirmWatch, endWatch, forgetWatches, tellChanged } from './acts.ts'
import { watchesOf } from './data.ts'
import { MOST_WATCHES } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = (time: number) => addMilliseconds(now, time)
const lan: Contact = { kind: 'email', value: 'lan@example.vn' }

let network = 0
async function ask(
  imeis: readonly string[],
  { contact = lan, at = now, submitKey = randomUUID() as string } = {},
) {
  const address = `203.0.113.${network++ % 250}`
  return askWatch({ imeis, contact, address, locale: 'vi', submitKey, now: at })
}

const messages = (id: string) => sentMessages({ caseId: id })

async function watch(imeis: readonly string[], { contact = lan, at = now } = {}): Promise<string> {
  const asked = must(await ask(imeis, { contact, at }))
  const [code] = await messages(asked)
  const typed = code?.params.code ?? ''
  must(await confirmWatch({ id: asked, typed, submitKey: randomUUID() }, at))
  return asked
}
const told = async (id: string) =>
  (await messages(id)).filter(({ template }) => template.startsWith('watch_')).map(({ template }) => template)

describe('a watch', () => {
  it('tells once that its phone was reported, with either of its numbers, and not before two people acted', async () => {
    const imeis = [randomImei(), randomImei()] as const
    const id = await watch(imeis)
    const pending = await makeProvenCase({ imeis: [imeis[1]] })
    const { officer, supervisor } = await makePolice()
    for (const step of ['take', 'verify'] as const) {
      await move(pending.id, officer, { move: step })
      expect(await tellChanged(later(MINUTE))).toBe(0)
      expect(await told(id)).toEqual([])
    }
    await move(pending.id, supervisor, { move: 'approve' })
    expect(await tellChanged(later(HOUR))).toBe(1)
    expect(await tellChanged(later(2 * HOUR))).toBe(0)
    expect(await told(id)).toEqual(['watch_reported'])
    const [message] = (await messages(id)).slice(-1)
    expect(message).toMatchObject({
      to: lan.value,
      params: { number: `${imeis[0].slice(-4)}, ${imeis[1].slice(-4)}` },
    })
    expect(await watchesOf(lan, later(2 * HOUR))).toEqual([])
  })

  it('tells that a phone which was reported is no longer', async () => {
    const imei = randomImei()
    const made = await makeBlockingCase({ imeis: [imei] })
    const id = await watch([imei])
    expect(await tellChanged(now)).toBe(0)
    await unblock(made)
    expect(await tellChanged(later(DAY))).toBe(1)
    expect(await told(id)).toEqual(['watch_cleared'])
  })

  it('waits for nothing before its code, and nothing after it is ended', async () => {
    const imei = randomImei()
    const asked = await ask([imei])
    const ended = await watch([imei], { contact: { kind: 'email', value: 'ba@example.vn' } })
    const other = { id: ended, submitKey: randomUUID() }
    expect(await endWatch({ ...other, contact: lan }, now)).toEqual(err('not_found'))
    expect(await endWatch({ ...other, contact: { kind: 'email', value: 'BA@example.vn' } }, now)).toEqual(
      ok(true),
    )
    await makeBlockingCase({ imeis: [imei] })
    expect(await tellChanged(later(MINUTE))).toBe(0)
    expect(await db.caseKey.count({ where: { caseId: ended } })).toBe(0)
    expect(asked.ok && (await told(asked.value))).toEqual([])
  })

  it('is started by its own code alone, once for a form sent thrice, and by none that is wrong', async () => {
    const [one, two] = [await ask([randomImei()]), await ask([randomImei()])]
    if (!one.ok || !two.ok) throw new Error('not asked')
    const code = (await messages(one.value))[0]?.params.code ?? ''
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    const enter = (id: string, typed: string, submitKey = randomUUID() as string) =>
      confirmWatch({ id, typed, submitKey }, now)
    expect(await enter(one.value, wrong)).toEqual(err('wrong'))
    const others = (await messages(two.value))[0]?.params.code
    if (others !== code) expect(await enter(two.value, code)).toEqual(err('wrong'))
    const submitKey = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => enter(one.value, code, submitKey)))
    expect(answers).toEqual([1, 2, 3].map(() => ok(true)))
    expect(await watchesOf(lan, now)).toHaveLength(1)
    const { rows } = await superuser.query("SELECT FROM audit_entries WHERE act = 'check.watch_confirmed'")
    expect(rows).toHaveLength(1)
  })

  it('is asked for once by a form that is sent twice', async () => {
    const submitKey = randomUUID()
    const imeis = [randomImei()]
    const [one, two] = await Promise.all([ask(imeis, { submitKey }), ask(imeis, { submitKey })])
    expect(one).toEqual(two)
    expect(await db.checkWatch.count()).toBe(1)
    expect(await db.notice.count()).toBe(1)
  })

  it('is one of a few that a contact has at once, also where the last two come together', async () => {
    for (let n = 1; n < MOST_WATCHES; n++) await watch([randomImei()], { at: later(n * MINUTE) })
    const at = later(2 * HOUR)
    const asked = await Promise.all([ask([randomImei()], { at }), ask([randomImei()], { at })])
    const answers = await Promise.all(
      asked.map(async (one) => {
        const id = one.ok ? one.value : ''
        const typed = (await messages(id))[0]?.params.code ?? ''
        return confirmWatch({ id, typed, submitKey: randomUUID() }, at)
      }),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers).toContainEqual(err('full'))
    expect(await watchesOf(lan, at)).toHaveLength(MOST_WATCHES)
  })

  it('without a phone only shows whose contact it is, and leaves nothing', async () => {
    const kept = await watch([randomImei()])
    const shown = await watch([])
    expect((await watchesOf(lan, now)).map(({ id }) => id)).toEqual([kept])
    expect(await db.caseKey.count({ where: { caseId: shown } })).toBe(0)
  })

  it('is deleted with everything under it after a week, an hour without its code, a day after its message', async () => {
    const imei = randomImei()
    const week = await watch([randomImei()])
    const message = await watch([imei], { at: later(1) })
    const asked = await ask([randomImei()])
    await makeBlockingCase({ imeis: [imei] })
    await tellChanged(later(MINUTE))
    const left = async () => (await db.checkWatch.findMany({ select: { id: true } })).map(({ id }) => id)
    expect(await forgetWatches(later(HOUR - 1))).toBe(0)
    expect(await forgetWatches(later(HOUR))).toBe(1)
    expect(asked.ok && (await left()).includes(asked.value)).toBe(false)
    expect(await forgetWatches(later(DAY))).toBe(0)
    expect(await forgetWatches(later(DAY + MINUTE))).toBe(1)
    expect(await left()).toEqual([week])
    expect(await forgetWatches(later(7 * DAY - 1))).toBe(0)
    expect(await forgetWatches(later(7 * DAY))).toBe(1)
    // Deleting the keys also deletes the codes and messages that they seal.
    const caseId = { in: [week, message, asked.ok ? asked.value : ''] }
    expect(await db.checkWatch.count()).toBe(0)
    expect(await db.notice.count({ where: { caseId } })).toBe(0)
    expect(await db.contactCode.count({ where: { caseId } })).toBe(0)
    expect(await db.caseKey.count({ where: { caseId } })).toBe(0)
  })

  it('keeps no contact legible in the database, and no number in the log', async () => {
    const imei = randomImei()
    await watch([imei])
    const { rows } = await superuser.query('SELECT row_to_json(w)::text AS row FROM check_watches w')
    expect(rows[0].row).not.toContain('lan@')
    const entries = await superuser.query(`SELECT row_to_json(a)::text AS row FROM audit_entries a`)
    expect(entries.rows.map(({ row }) => row).join()).not.toContain(imei.slice(0, 14))
  })
})

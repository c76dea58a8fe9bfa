import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { env } from '#platform/env.ts'
import type { Queues } from '#platform/queue.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { messageOf, readable } from '#tests/outbox.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { sendCarrierNotice } from '../notices/jobs.ts'
import { addContact, changeContact, removeContact } from './acts.ts'
import { carrierContacts, rotateContacts } from './data.ts'
import { MAX_CONTACTS } from './rules.ts'

const now = new Date('2026-11-24T03:40:00Z')
const typed = { contactName: 'Trần Bình', contactEmail: 'noc@viettel.example', contactPhone: '0912345678' }
const of = (carrierId = 'viettel') => ({ carrierId, submitKey: randomUUID() })

describe('contacts of a carrier', () => {
  it('are kept sealed, changed and deleted, each with its entry in the log', async () => {
    const relay = await makeStaff('relay')
    const input = { ...of(), ...typed }
    const added = must(await sentThrice(() => addContact(relay, input, now)))
    const [row] = await db.carrierContact.findMany({})
    expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toContain('viettel.example')

    const change = { contactId: added, version: 1, ...typed, contactPhone: '198' }
    const forms = [1, 2].map(() => ({ ...of(), ...change }))
    const both = await Promise.all(forms.map((input) => sentThrice(() => changeContact(relay, input, now))))
    expect(both.map((one) => (one.ok ? 'ok' : one.error)).sort()).toEqual(['changed', 'ok'])
    expect(await carrierContacts(relay, 'viettel')).toEqual([
      { id: added, version: 2, name: 'Trần Bình', email: 'noc@viettel.example', phone: '198' },
    ])
    expect(await carrierContacts(relay, 'mobifone')).toEqual([])

    for (let press = 0; press < 2; press++)
      expect(await removeContact(relay, { ...of(), contactId: added }, now)).toMatchObject({ ok: true })
    expect(await carrierContacts(relay, 'viettel')).toEqual([])
    const entries = await db.auditEntry.findMany({ where: { actorId: relay.id }, orderBy: { id: 'asc' } })
    expect(entries.map(({ act }) => act)).toEqual([
      'carrier.contact_added',
      'carrier.contact_changed',
      'carrier.contact_removed',
    ])
    expect(JSON.stringify(entries.map(({ facts }) => facts))).not.toContain('noc@')
  })

  it('are told with the relay of each change to another of them', async () => {
    const [relay, colleague] = [await makeStaff('relay'), await makeStaff('relay')]
    const add = async () => {
      return must(await sentThrice(() => addContact(relay, input, now)))
    }
    let input = { ...of(), ...typed }
    const first = await add()
    input = { ...of(), ...typed }
    const second = await add()
    const other = { ...typed, contactEmail: 'someone@elsewhere.example' }
    const change = { ...of(), contactId: second, version: 1, ...other }
    expect(await sentThrice(() => changeContact(relay, change, now))).toMatchObject({ ok: true })
    const remove = { ...of(), contactId: second }
    expect(await sentThrice(() => removeContact(relay, remove, now))).toMatchObject({ ok: true })
    const { rows } = await superuser.query<{ who: string; what: string }>(
      `SELECT data->>'toId' AS who, data->'notice'->'values'->>'what' AS what FROM pgboss.job
       WHERE name = 'exchange-notice' AND data->'notice'->>'template' = 'contact_changed' ORDER BY created_on`,
    )
    const told = (who: string) => rows.filter((row) => row.who === who).map(({ what }) => what)
    for (const { id } of [relay, colleague])
      expect(told(id)).toEqual(['added', 'added', 'changed', 'removed'])
    expect(told(first)).toEqual(['added', 'changed', 'removed'])
    // Told at its former address, and not of its own addition.
    expect(told(second)).toEqual(['changed', 'removed'])

    const mailTo = async (who: string) => {
      const { rows: jobs } = await superuser.query<{ data: Queues['exchange-notice'] }>(
        `SELECT data FROM pgboss.job WHERE name = 'exchange-notice' AND data->>'toId' = $1 ORDER BY created_on`,
        [who],
      )
      const [job] = jobs
      if (!job) throw new Error('nothing is queued')
      await sendCarrierNotice(job.data, now)
      return readable(messageOf(env().DATA_DIR, job.data.id)?.content ?? '')
    }
    const sent = await mailTo(relay.id)
    for (const text of ['của Viettel', 'of Viettel']) expect(sent).toContain(text)
    expect(await mailTo(second)).toContain(`To: ${typed.contactEmail}`)
  })

  it('are no more than a few, however many press at once', async () => {
    const relay = await makeStaff('relay')
    const added = await Promise.all(
      Array.from({ length: MAX_CONTACTS + 3 }, () => addContact(relay, { ...of(), ...typed }, now)),
    )
    expect(added.filter(({ ok }) => ok)).toHaveLength(MAX_CONTACTS)
    expect(added.filter((one) => !one.ok && one.error === 'too_many')).toHaveLength(3)
    expect(await addContact(relay, { ...of('nobody'), ...typed }, now)).toMatchObject({ error: 'not_found' })
  })

  it('are the relay’s and the carrier’s own, and nobody else’s', async () => {
    const own = await makeStaff('carrier', { carrierId: 'viettel' })
    const added = must(await addContact(own, { ...of(), ...typed }, now))
    const strangers = [
      await makeStaff('carrier', { carrierId: 'mobifone' }),
      await makeStaff('city_police'),
      await makeStaff('admin'),
    ]
    for (const actor of strangers) {
      const refused = { ok: false, error: actor.role === 'carrier' ? 'not_found' : 'forbidden' }
      expect(await addContact(actor, { ...of(), ...typed }, now)).toEqual(refused)
      const contact = { contactId: added, version: 1, ...typed }
      expect(await changeContact(actor, { ...of(), ...contact }, now)).toEqual(refused)
      expect(await removeContact(actor, { ...of(), ...contact }, now)).toEqual(refused)
      expect(await carrierContacts(actor, 'viettel')).toEqual([])
    }
    // Another carrier's person cannot remove it, not even under their own carrier's name.
    const thief = strangers[0] as typeof own
    await removeContact(thief, { ...of('mobifone'), contactId: added }, now)
    expect(await carrierContacts(own, 'viettel')).toHaveLength(1)
  })

  it('come under the new key with everything else', async () => {
    const keys = env() as { ANTAM_KEY: { version: number; bytes: Buffer }; ANTAM_KEY_ALSO?: unknown }
    const before = keys.ANTAM_KEY
    onTestFinished(() => {
      keys.ANTAM_KEY = before
      delete keys.ANTAM_KEY_ALSO
    })
    const relay = await makeStaff('relay')
    await addContact(relay, { ...of(), ...typed }, now)
    keys.ANTAM_KEY_ALSO = before
    keys.ANTAM_KEY = { version: 2, bytes: randomBytes(32) }
    expect(await rotateContacts()).toBe(false)
    expect(await rotateContacts()).toBe(true)
    delete keys.ANTAM_KEY_ALSO
    expect(await carrierContacts(relay, 'viettel')).toMatchObject([{ name: 'Trần Bình' }])
  })
})

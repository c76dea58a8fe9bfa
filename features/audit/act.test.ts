import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { actFault, staffForm } from '#http/staff-action.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import type { Tx } from '#platform/db.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { act, answer, logged, refuse, refuseFields } from './act.ts'

const now = new Date('2026-12-01T03:00:00Z')
let relay: StaffActor
let reads = 0
beforeEach(async () => {
  reads = 0
  relay = await makeStaff('relay')
})

const onCarrier = {
  permission: 'order:retry',
  faults: 'order',
  page: () => '/admin/orders' as const,
  subject: {
    async lock(tx: Tx, { carrierId }: { readonly carrierId: string }) {
      reads++
      return (await tx.carrier.findUnique({ where: { id: carrierId } })) ?? refuse('not_found')
    },
    entry: ({ id, name }: { readonly id: string; readonly name: string }) => ({
      subject: { kind: 'carrier', id } as const,
      facts: { name },
    }),
  },
} as const
const input = z.object({
  carrierId: z.string().max(40),
  digits: z.coerce.number('order.reason_missing').int().min(13, 'order.reason_missing'),
})

const setDigits = act({
  ...onCarrier,
  name: 'carrier.digits',
  input,
  async run({ tx, subject, input: { digits } }) {
    await tx.carrier.update({ where: { id: subject.id }, data: { imeiDigits: Math.max(digits, 14) } })
    if (digits === 13) return refuse('overtaken', 'digits')
    return digits === 15 ? logged('known') : answer('changed', { to: digits })
  },
})

const form = (digits: string | number, carrierId = 'gmobile') => ({
  carrierId,
  digits,
  submitKey: randomUUID(),
})
const digitsNow = async () => (await db.carrier.findUniqueOrThrow({ where: { id: 'gmobile' } })).imeiDigits
const entries = () => db.auditEntry.findMany({ where: { act: 'carrier.digits' } })

test('an act is done once a form, with its entry, and answers the same to each', async () => {
  const sent = form('14')
  expect(await sentThrice(() => setDigits(relay, sent, now))).toEqual(ok('changed'))
  expect(await digitsNow()).toBe(14)
  expect(await entries()).toMatchObject([
    { actorId: relay.id, subjectId: 'gmobile', facts: { name: 'Gmobile', to: 14 } },
  ])
})

test('an act that the log has already adds nothing to it', async () => {
  expect(await setDigits(relay, form(15), now)).toEqual(ok('known'))
  expect(await entries()).toEqual([])
})

test('what is refused is undone, says where it is told, and spends no key', async () => {
  const sent = form(13)
  const before = await digitsNow()
  expect(await setDigits(relay, sent, now)).toEqual(err('overtaken'))
  const refused = await setDigits.perform(relay, { ...sent, digits: 13 }, now)
  expect(refused).toMatchObject(err({ field: 'digits' }))
  expect(await digitsNow()).toBe(before)
  expect(await entries()).toEqual([])
  expect(await db.submission.count()).toBe(0)
  expect(await setDigits(relay, { ...sent, digits: 14 }, now)).toMatchObject({ ok: true })
})

test('what several fields are refused for is answered whole, and the words of a key may name what is acted on', async () => {
  const setWithin = act({
    ...onCarrier,
    name: 'carrier.digits',
    input,
    once: (actorId, { carrierId }) => `carrier.within:${carrierId}:${actorId}`,
    async run({ input: { digits } }) {
      return digits > 15
        ? refuseFields({ digits: 'order.reason_missing', carrierId: 'order.not_found' })
        : { to: digits }
    },
  })
  expect(await setWithin(relay, form(16), now)).toEqual(
    err({ digits: 'order.reason_missing', carrierId: 'order.not_found' }),
  )
  expect(await db.submission.count()).toBe(0)
  expect(await setWithin(relay, form(15), now)).toEqual(ok(null))
  expect(await db.submission.findMany()).toMatchObject([{ act: `carrier.within:gmobile:${relay.id}` }])
})

test('a person without the permission has nothing read, and a wrong form nothing asked', async () => {
  expect(await setDigits(await makeStaff('officer'), form('x'), now)).toEqual(err('forbidden'))
  expect(await setDigits(relay, form('x'), now)).toEqual(err('reason_missing'))
  expect(reads).toBe(0)
  expect(await setDigits(relay, form(14, 'nobody'), now)).toEqual(err('not_found'))
})

test('a refusal is told by the words of its group, and else by those that all acts share', () => {
  expect(actFault('order', 'unsealed')).toBe('order.unsealed')
  expect(actFault('release', 'changed')).toBe('release.changed')
  expect(actFault('order', 'changed')).toBe('approval.changed')
  expect(actFault('order', 'forbidden')).toBe('sign_in.not_allowed')
  expect(actFault('survey.request', 'request_open')).toBe('approval.request_open')
})

test('a code without words, and facts that the log cannot keep, do not compile as a form', () => {
  const wordless = act({ ...onCarrier, name: 'carrier.digits', input, run: async () => refuse('no_words') })
  const factless = act({ ...onCarrier, name: 'carrier.digits', input, run: async () => ({ at: now }) })
  // @ts-expect-error `faults.order` has no `no_words`
  expect(staffForm(wordless)).toBeInstanceOf(Function)
  // @ts-expect-error a date is no fact
  expect(staffForm(factless)).toBeInstanceOf(Function)
  expect(staffForm(setDigits)).toBeInstanceOf(Function)
})

import { randomInt, randomUUID } from 'node:crypto'
import { offerAlerts, readAlerts, recordAlertResults } from '#features/alerts/alerts/acts.ts'
import { giveSharing } from '#features/alerts/consents/acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { checkPhone } from '#features/check/acts.ts'
import { makeCertificate } from '#features/phones/certificates/acts.ts'
import { codeOf, shownCertificate } from '#features/phones/certificates/data.ts'
import { inPhones, insertRegistrant } from '#features/phones/registrants/data.ts'
import { beginPhone, registerPhone } from '#features/phones/registrations/acts.ts'
import { startDraft } from '#features/reporting/drafts/start-acts.ts'
import { citizenScope, type PhonesScope, phonesScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { newCaseKey } from '#platform/crypto.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { newAnswers } from '../e2e/answers.ts'
import type { Bed } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, interleave, ratio } from './measure.ts'

const ROUNDS = 4
/** Times a round and side. */
const TIMES = 50
const BANK = 'momo'
const never = new AbortController().signal

/** Answers how many milliseconds one of so many took. */
async function each(times: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  for (let nth = 0; nth < times; nth++) await work()
  return (performance.now() - started) / times
}

/** Does the work for each, four at once. */
async function atOnce<T>(all: IterableIterator<T>, work: (one: T) => Promise<unknown>): Promise<void> {
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const one of all) await work(one)
    }),
  )
}

const digits = (count: number) => String(randomInt(10 ** count)).padStart(count, '0')

async function newRegistrant(): Promise<PhonesScope> {
  const made = newCaseKey(randomUUID())
  const contact = { kind: 'email', value: `${randomUUID()}@example.vn` } as const
  await inPhones(() =>
    transaction(async (tx) => {
      const at = { now: new Date(), expiresAt: new Date() }
      await insertRegistrant(tx, { ...made, locale: 'vi', contact, ...at })
      await tx.registrant.update({ where: { id: made.key.caseId }, data: { expiresAt: null } })
    }),
  )
  return phonesScope(made.key.caseId, new Uint8Array(32))
}

/** Registers a phone on a list of its own; answers both. */
async function register() {
  const scope = await newRegistrant()
  const now = addMilliseconds(new Date(), -DAY)
  const begun = await beginPhone(scope, randomUUID(), now)
  if (!begun.ok) throw new Error(begun.error)
  const done = await registerPhone(scope, {
    ...{ phoneId: begun.value, submitKey: randomUUID(), now },
    ...{ typed: { imei1: `3569${digits(10)}`, colour: 'Đen' }, consents: ['consentRegistration'] },
  })
  if (!done.ok) throw new Error(JSON.stringify(done.error))
  return { scope, phoneId: begun.value }
}

async function certificate(): Promise<string> {
  const { scope, phoneId } = await register()
  const made = await makeCertificate(scope, { phoneId, submitKey: randomUUID(), now: new Date() })
  const code = made.ok ? await codeOf(scope, made.value) : null
  if (code === null) throw new Error('there is no certificate')
  return code
}

/**
 * Measures what stands around the loss by the product's own commands: a phone that is registered beside a report that is begun, a
 * certificate that is checked beside the public check, and alerts to a bank beside entries of the log, a transaction each.
 */
export async function around(bed: Bed): Promise<Bench> {
  const needed = Math.max(1_000, (ROUNDS + 1) * TIMES)
  const database = await bed.verified(needed)
  const db = connect(database)
  answerFrom(db)
  Object.assign(env(), { ALERTS: 'on', MY_PHONES: 'on' })
  try {
    const registering = await interleave(ROUNDS, {
      product: () => each(TIMES, register),
      baseline: () =>
        each(TIMES, () => startDraft({ locale: 'vi', answers: newAnswers({}), now: new Date() })),
    })
    const codes: string[] = []
    while (codes.length < TIMES) codes.push(await certificate())
    let asked = 0
    const checking = await interleave(ROUNDS, {
      product: () => each(TIMES, () => shownCertificate(codes[asked++ % TIMES] ?? '', new Date())),
      baseline: () => each(TIMES, () => checkPhone(`3569${digits(10)}`, randomUUID(), new Date())),
    })
    const cases = await inScope(systemScope(), () => db.case.findMany({ take: needed, select: { id: true } }))
    await inScope(systemScope(), async () => {
      await db.alertReceiver.createMany({
        data: [{ id: BANK, addedAt: new Date() }],
        skipDuplicates: true,
      })
      const key = { id: randomUUID(), keyHash: Buffer.from(randomUUID()), createdAt: new Date() }
      await db.receiverKey.create({ data: { ...key, receiverId: BANK } })
    })
    let after = Number((await db.alertReceiver.findUniqueOrThrow({ where: { id: BANK } })).head)
    const alerting = await interleave(ROUNDS, {
      product: async () => {
        const some = cases.splice(0, TIMES)
        for (const { id } of some) {
          const wish = { caseId: id, share: [BANK], shareNumber: `090${digits(7)}`, submitKey: randomUUID() }
          const given = await giveSharing(citizenScope(id, 'full'), wish, new Date())
          if (!given.ok) throw new Error(JSON.stringify(given.error))
        }
        const started = performance.now()
        await atOnce(some.values(), ({ id }) => offerAlerts(id, new Date()))
        const read = await readAlerts(BANK, { after, limit: 1_000, wait: 0 }, never)
        if (!read.ok) throw new Error(read.error)
        after = read.value.next
        const at = new Date().toISOString()
        const { entries } = read.value
        if (entries.length < TIMES) throw new Error(`${entries.length} alerts of ${TIMES} cases`)
        await recordAlertResults(
          BANK,
          entries.map(({ id: alert }) => ({ alert, outcome: 'locked', at })),
          new Date(),
        )
        return (entries.length * 1_000) / (performance.now() - started)
      },
      baseline: async () => {
        const entries = Array.from({ length: 2 * TIMES }, () => randomUUID()).values()
        const started = performance.now()
        await atOnce(entries, (id) =>
          transaction((tx) =>
            audit(tx, {
              ...{ actor: { kind: 'system' }, act: 'share.sent', subject: { kind: 'case', id } },
              at: new Date(),
            }),
          ),
        )
        return (2 * TIMES * 1_000) / (performance.now() - started)
      },
    })
    return {
      name: 'around',
      figures: [
        ratio('a phone registered, beside a report begun', 'ms', registering, null),
        ratio('a certificate checked, beside the public check', 'ms', checking, { atMost: 1.5 }),
        ratio(
          'alerts written, read and answered, beside as many entries of the log',
          'a second',
          alerting,
          null,
        ),
      ],
    }
  } finally {
    answerFrom(null)
    await db.$disconnect()
  }
}

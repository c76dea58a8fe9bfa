import { randomInt, randomUUID } from 'node:crypto'
import { checkPhone } from '#features/check/acts.ts'
import { makeCertificate } from '#features/phones/certificates/acts.ts'
import { readCertificateCode, shownCertificate } from '#features/phones/certificates/data.ts'
import { inPhones, insertRegistrant } from '#features/phones/registrants/data.ts'
import { beginPhone, registerPhone } from '#features/phones/registrations/acts.ts'
import { startDraft } from '#features/reporting/drafts/start-acts.ts'
import { type PhonesScope, phonesScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { newCaseKey } from '#platform/crypto.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { must } from '#tests/must.ts'
import { newAnswers } from '../e2e/answers.ts'
import type { Bed } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, interleave, ratio } from './measure.ts'

const ROUNDS = 4
/** Repetitions per round and side. */
const TIMES = 50

/** Returns the mean milliseconds of one repetition. */
async function each(times: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  for (let nth = 0; nth < times; nth++) await work()
  return (performance.now() - started) / times
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

async function register() {
  const scope = await newRegistrant()
  const now = addMilliseconds(new Date(), -DAY)
  const phoneId = must(await beginPhone(scope, randomUUID(), now))
  must(
    await registerPhone(scope, {
      ...{ phoneId, submitKey: randomUUID(), now },
      ...{ typed: { imei1: `3569${digits(10)}`, colour: 'Đen' }, consents: ['consentRegistration'] },
    }),
  )
  return { scope, phoneId }
}

async function certificate(): Promise<string> {
  const { scope, phoneId } = await register()
  const made = await makeCertificate(scope, { phoneId, submitKey: randomUUID(), now: new Date() })
  const code = made.ok ? await readCertificateCode(scope, made.value) : null
  if (code === null) throw new Error('there is no certificate')
  return code
}

/**
 * Measures the registration of a phone beside the start of a report, and the check of a certificate beside the public
 * check, by the product's own commands.
 */
export async function around(bed: Bed): Promise<Bench> {
  const needed = Math.max(1_000, (ROUNDS + 1) * TIMES)
  const database = await bed.verified(needed)
  const db = connect(database)
  answerFrom(db)
  Object.assign(env(), { MY_PHONES: 'on' })
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
    return {
      name: 'around',
      figures: [
        ratio('a phone registered, beside a report begun', 'ms', registering, null),
        ratio('a certificate checked, beside the public check', 'ms', checking, { atMost: 1.5 }),
      ],
    }
  } finally {
    answerFrom(null)
    await db.$disconnect()
  }
}

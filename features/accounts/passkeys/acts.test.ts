import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, MINUTE, SECOND } from '#lib/time.ts'
import * as environment from '#platform/env.ts'
import type { Env } from '#platform/env-schema.ts'
import { db, transaction } from '#tests/db.ts'
import { Authenticator, FLAGS } from '#tests/factories/authenticator.ts'
import { codeAt, createAccount } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { stepUp } from '../factors/acts.ts'
import { clearSignIn } from '../factors/data.ts'
import { type StepUpKind, stepUpNeed } from '../factors/rules.ts'
import { readSession, readStaffSession, signIn, signInWithPasskey } from '../sign-in/acts.ts'
import { askSignIn, askStepUp, beginPasskey, finishPasskey, removePasskey } from './acts.ts'
import { CHALLENGE_LIFE, type PasskeyGroup } from './rules.ts'

const now = new Date('2026-11-28T03:00:05Z')
const password = 'con mèo ngủ trên mái nhà'
const PAGE = { origin: 'https://antam.example', rpId: 'antam.example' }
const PHISH = { origin: 'https://antam.example.evil.example', rpId: 'antam.example' }

interface Person {
  readonly actor: StaffActor & { readonly email: string }
  readonly token: string
}

function setting(values: { readonly PASSKEYS_REQUIRED?: readonly PasskeyGroup[] }): void {
  const whole = { ...environment.env(), PUBLIC_URL: PAGE.origin, ...values }
  vi.spyOn(environment, 'env').mockReturnValue(whole as Env)
}

beforeEach(() => setting({}))
afterEach(() => vi.restoreAllMocks())

async function person(name: string, code = codeAt(now)): Promise<Person> {
  const email = `${name}@congan.example`
  const account = { email, name, role: 'officer', unitId: 'quan-3', agencyId: null, carrierId: null } as const
  const id = await transaction((tx) => createAccount(tx, account, password))
  const entered = must(await signIn({ email, password, otp: code, device: undefined }, now))
  return { actor: { kind: 'staff', id, ...account }, token: entered.token }
}

async function registered({ actor, token }: Person, at = now): Promise<Authenticator> {
  const asked = must(await beginPasskey(actor, token, ' Điện thoại ', at))
  const device = new Authenticator(PAGE)
  const done = await finishPasskey(actor, token, device.make(asked), at, randomUUID())
  expect(done).toEqual({ ok: true, value: null })
  return device
}

const enter = (answer: unknown, at = now) => signInWithPasskey({ answer, device: undefined }, at)
const askedToEnter = async (at = now) => {
  const asked = await askSignIn(at)
  if (!asked) throw new Error('not asked')
  return asked
}
const acts = async () => (await db.auditEntry.findMany({ orderBy: { id: 'asc' } })).map(({ act }) => act)
const told = async () =>
  (
    await db.$queryRaw<{ notice: string }[]>`
      SELECT data->>'notice' AS notice FROM pgboss.job WHERE name = 'account-notice' ORDER BY created_on`
  ).map(({ notice }) => notice)

test('a passkey is registered with its name, audited, told by mail, and signs in by itself', async () => {
  const lan = await person('lan')
  const device = await registered(lan)
  const [stored] = await db.passkey.findMany()
  expect(stored).toMatchObject({
    accountId: lan.actor.id,
    name: 'Điện thoại',
    backedUp: false,
    syncable: false,
  })
  const asked = await askedToEnter()
  // The challenge names nobody, so it tells a stranger nothing.
  expect(asked.allowCredentials).toEqual([])
  expect(asked.userVerification).toBe('required')
  const entered = must(await enter(device.sign(asked)))
  expect(entered.accountId).toBe(lan.actor.id)
  const staff = await readStaffSession(entered.token, now)
  expect(staff).toMatchObject({ id: lan.actor.id, passkeys: 1 })
  // It opens the same period for decisions as a code.
  expect(staff && stepUpNeed(staff, 'decision', 30, addMilliseconds(now, 28 * MINUTE))).toBe('none')
  expect(await acts()).toEqual(['session.start', 'account.add_passkey', 'session.start'])
  const { facts } = await db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } })
  expect(facts).toEqual({ knownDevice: false, factor: 'passkey' })
  expect(await told()).toEqual(['passkey_added'])
  expect((await db.passkey.findFirstOrThrow()).counter).toBe(1n)
  expect(await db.passkeyChallenge.count()).toBe(0)
})

test('an answer counts once, however often and however many at once', async () => {
  const device = await registered(await person('lan'))
  const answer = device.sign(await askedToEnter())
  const all = await Promise.all([enter(answer), enter(answer), enter(answer)])
  expect(all.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await enter(answer)).toEqual(err({ code: 'passkey_wrong' }))
  expect(await db.staffSession.count()).toBe(2)
})

test('nothing but the whole answer to what was asked here signs in, and all else is answered alike', async () => {
  const lan = await person('lan')
  const hoa = await person('hoa')
  const device = await registered(lan)
  const other = await registered(hoa)
  const stranger = new Authenticator(PAGE)
  stranger.userHandle = device.userHandle
  const flip = (text: string, at: number) => {
    const bytes = Buffer.from(text, 'base64url')
    // In its last 16 bytes: the encoding around the numbers is parsed leniently, the numbers are not.
    const place = bytes.length - 1 - (at % 16)
    bytes[place] = (bytes[place] ?? 0) ^ 1
    return bytes.toString('base64url')
  }
  const spoils: Readonly<
    Record<string, (at: number) => Promise<{ readonly answer: unknown; readonly at?: Date }>>
  > = {
    'another site': async () => ({ answer: device.sign(await askedToEnter(), PHISH) }),
    'another host': async () => ({
      answer: device.sign(await askedToEnter(), { origin: PAGE.origin, rpId: 'example' }),
    }),
    'nothing that was asked': async () => ({
      answer: device.sign({ challenge: Buffer.alloc(32, 7).toString('base64url') }),
    }),
    'too late': async () => ({
      answer: device.sign(await askedToEnter()),
      at: addMilliseconds(now, CHALLENGE_LIFE),
    }),
    'a passkey nobody registered': async () => ({ answer: stranger.sign(await askedToEnter()) }),
    'the owner not seen': async () => {
      device.flags = FLAGS.present
      const answer = device.sign(await askedToEnter())
      device.flags = FLAGS.present | FLAGS.verified
      return { answer }
    },
    'for another person': async () => {
      const answer = device.sign(await askedToEnter())
      return { answer: { ...answer, response: { ...answer.response, userHandle: other.userHandle } } }
    },
    'for nobody': async () => {
      const answer = device.sign(await askedToEnter())
      return { answer: { ...answer, response: { ...answer.response, userHandle: null } } }
    },
    'another’s signature': async () => {
      const answer = device.sign(await askedToEnter())
      const { id } = other.sign({ challenge: 'x' })
      return { answer: { ...answer, id, rawId: id } }
    },
    'a changed signature': async (at) => {
      const answer = device.sign(await askedToEnter())
      return {
        answer: {
          ...answer,
          response: { ...answer.response, signature: flip(answer.response.signature, at) },
        },
      }
    },
    'changed data': async (at) => {
      const answer = device.sign(await askedToEnter())
      const authenticatorData = flip(answer.response.authenticatorData, at)
      return { answer: { ...answer, response: { ...answer.response, authenticatorData } } }
    },
    'asked for an act': async () => {
      const asked = await askStepUp(lan.actor, lan.token, now)
      return { answer: device.sign(asked ?? { challenge: '' }) }
    },
    'a copied device': async () => {
      const ahead = device.counter
      device.counter = -1
      const answer = device.sign(await askedToEnter())
      device.counter = ahead
      return { answer }
    },
    'no answer': async () => ({ answer: null }),
    'another shape': async () => ({ answer: { id: ['x'], response: { clientDataJSON: 'e30' } } }),
  }
  // One good sign-in first, so that the counter is above 0.
  expect((await enter(device.sign(await askedToEnter()))).ok).toBe(true)
  const sessions = await db.staffSession.count()
  for (const [what, spoil] of Object.entries(spoils)) {
    const { answer, at = now } = await spoil(0)
    expect(await enter(answer, at), what).toEqual(err({ code: 'passkey_wrong' }))
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('a changed signature', 'changed data'),
      fc.nat({ max: 500 }),
      async (what, at) => {
        const spoilt = await spoils[what]?.(at)
        expect((await enter(spoilt?.answer)).ok).toBe(false)
      },
    ),
    { numRuns: 25 },
  )
  expect(await db.staffSession.count()).toBe(sessions)
  expect((await enter(device.sign(await askedToEnter()))).ok).toBe(true)
})

test('a passkey takes the code’s place in its own session alone, once', async () => {
  const lan = await person('lan')
  const hoa = await person('hoa')
  const device = await registered(lan)
  await registered(hoa)
  const late = addMilliseconds(now, 31 * MINUTE)
  await db.staffSession.updateMany({ data: { lastSeenAt: late } })
  const confirm = (token: string, answer: object, at = late, kind: StepUpKind = 'decision') =>
    stepUp(token, JSON.stringify(answer), at, { kind, submitKey: randomUUID() })
  const asked = await askStepUp(lan.actor, lan.token, late)
  if (!asked) throw new Error('not asked')
  expect(asked.allowCredentials).toHaveLength(1)
  const wrong = err({ code: 'wrong' })
  // Not in another session, nor for a challenge of another session, nor for one of a sign-in.
  expect(await confirm(hoa.token, device.sign(asked))).toEqual(wrong)
  const others = await askStepUp(hoa.actor, hoa.token, late)
  expect(await confirm(lan.token, device.sign(others ?? asked))).toEqual(wrong)
  expect(await confirm(lan.token, device.sign(await askedToEnter(late)))).toEqual(wrong)
  const second = must(
    await signIn({ email: lan.actor.email, password, otp: codeAt(late), device: undefined }, late),
  )
  expect(await confirm(second.token, device.sign(asked), late, 'always')).toEqual(wrong)
  const answer = device.sign(asked)
  expect(await confirm(lan.token, answer)).toEqual({ ok: true, value: null })
  const staff = await readStaffSession(lan.token, late)
  expect(staff && stepUpNeed(staff, 'decision', 30, late)).toBe('none')
  const again = addMilliseconds(late, 31 * MINUTE)
  expect(await confirm(lan.token, answer, again)).toEqual(wrong)
  const { facts } = await db.auditEntry.findFirstOrThrow({ where: { act: 'session.step_up' } })
  expect(facts).toEqual({ factor: 'passkey' })
})

test('a registration is this session’s own, once, in time; a passkey belongs to one account', async () => {
  const lan = await person('lan')
  const hoa = await person('hoa')
  const begin = async ({ actor, token }: Person) => {
    return must(await beginPasskey(actor, token, 'Máy', now))
  }
  const finish = ({ actor, token }: Person, answer: unknown, at = now) =>
    finishPasskey(actor, token, answer, at, randomUUID())
  const refused = err('refused')
  const device = new Authenticator(PAGE)
  expect(await finish(hoa, device.make(await begin(lan)))).toEqual(refused)
  const phished = new Authenticator(PHISH)
  expect(await finish(lan, phished.make(await begin(lan)))).toEqual(refused)
  const late = addMilliseconds(now, CHALLENGE_LIFE)
  expect(await finish(lan, device.make(await begin(lan)), late)).toEqual(refused)
  const unseen = new Authenticator(PAGE)
  unseen.flags = FLAGS.present
  expect(await finish(lan, unseen.make(await begin(lan)))).toEqual(refused)
  expect(await db.passkey.count()).toBe(0)
  const made = device.make(await begin(lan))
  const key = randomUUID()
  const sent = () => finishPasskey(lan.actor, lan.token, made, now, key)
  expect(await Promise.all([sent(), sent()])).toEqual(Array(2).fill({ ok: true, value: null }))
  expect(await finish(lan, made)).toEqual(refused)
  // The same device's passkey, registered by another person.
  expect(await finish(hoa, device.make(await begin(hoa)))).toEqual(refused)
  expect(await db.passkey.count()).toBe(1)
  expect(await beginPasskey(lan.actor, lan.token, '  ', now)).toEqual(err('missing'))
})

test('a removed passkey, a reset and a locked account end it; removing is audited and told', async () => {
  const lan = await person('lan')
  const hoa = await person('hoa')
  const device = await registered(lan)
  const [{ id } = { id: '' }] = await db.passkey.findMany()
  await removePasskey(hoa.actor, id, now)
  expect(await db.passkey.count()).toBe(1)
  const answer = device.sign(await askedToEnter())
  await db.staffAccount.update({ where: { id: lan.actor.id }, data: { active: false } })
  expect((await enter(answer)).ok).toBe(false)
  await db.staffAccount.update({ where: { id: lan.actor.id }, data: { active: true } })
  await removePasskey(lan.actor, id, now)
  await removePasskey(lan.actor, id, now)
  expect((await enter(device.sign(await askedToEnter()))).ok).toBe(false)
  expect((await acts()).filter((act) => act.includes('passkey'))).toEqual([
    'account.add_passkey',
    'account.remove_passkey',
  ])
  expect(await told()).toEqual(['passkey_added', 'passkey_removed'])
  await registered(lan)
  await transaction((tx) => clearSignIn(tx, lan.actor.id))
  expect(await db.passkey.count()).toBe(0)
})

test('where police have to use passkeys: registered after password and code, and nothing else counts after', async () => {
  const lan = await person('lan')
  setting({ PASSKEYS_REQUIRED: ['police'] })
  // Signed in only to register a passkey.
  expect(await readStaffSession(lan.token, now)).toBeNull()
  expect(await readSession(lan.token, now)).toMatchObject({ enrols: true })
  // The code is valid as long as there is no passkey.
  const at = addMilliseconds(now, MINUTE)
  const always = { kind: 'always', submitKey: randomUUID() } as const
  expect((await stepUp(lan.token, codeAt(at), at, always)).ok).toBe(true)
  const device = await registered(lan, at)
  expect(await readStaffSession(lan.token, at)).toMatchObject({ enrols: false })
  const later = addMilliseconds(at, 31 * SECOND)
  const needed = await stepUp(lan.token, codeAt(later), later, { ...always, submitKey: randomUUID() })
  expect(needed).toEqual(err({ code: 'passkey' }))
  // It does not sign in either, and only a person with a right password and code learns why.
  const { email } = lan.actor
  const enterBy = (given: string, otp: string, when: Date) =>
    signIn({ email, password: given, otp, device: undefined }, when)
  expect(await enterBy(password, codeAt(later, 1), later)).toEqual(err({ code: 'passkey' }))
  expect(await enterBy('sai', codeAt(later, 1), later)).toEqual(err({ code: 'wrong' }))
  expect((await enter(device.sign(await askedToEnter()))).ok).toBe(true)
  const [{ id } = { id: '' }] = await db.passkey.findMany()
  expect(await removePasskey(lan.actor, id, later)).toEqual(err('last'))
  await registered(lan, later)
  expect((await removePasskey(lan.actor, id, later)).ok).toBe(true)
  setting({ PASSKEYS_REQUIRED: ['relay'] })
  const day = addMilliseconds(later, DAY)
  expect((await enterBy(password, codeAt(day), day)).ok).toBe(true)
})

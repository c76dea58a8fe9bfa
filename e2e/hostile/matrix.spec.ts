import { randomUUID } from 'node:crypto'
import { CASE_DECISIONS } from '#features/cases/decisions/rules.ts'
import type { Access } from '#lib/access/access.ts'
import { may, PERMISSIONS, type Permission, POLICY, STAFF_ROLES, type StaffRole } from '#lib/access/roles.ts'
import { catalogue } from '#messages/catalogue.ts'
import { missingPath, pathFor, type Route } from '#messages/paths.ts'
import { ACTIONS, HANDLERS, PAGES } from '#tests/entries.ts'
import { full } from '#tests/runs.ts'
import { accounts, productUrl } from '../fixtures.ts'
import { expect, expectAlike, insisting, staff, test, visitor } from '../forms/people.ts'
import type { Answer, Insisted, Visitor } from '../forms/visitor.ts'
import { type BuiltAction, builtActions, served } from './build.ts'
import { makeSamples, NOBODY, NUMBER_OF_NONE, type Samples, withSamples } from './samples.ts'

type Caller = { readonly role: StaffRole | null; readonly who: Visitor }

let callers: readonly Caller[]
let samples: Samples
let insisted: readonly Insisted[]

test.describe.configure({ mode: 'default' })
test.beforeAll(async () => {
  const make = async () => {
    samples = await makeSamples()
  }
  if (full) insisted = await insisting(make)
  else await make()
  const roles = STAFF_ROLES.filter((role) => accounts().some((one) => one.role === role && one.email))
  callers = [{ role: null, who: visitor() }]
  for (const role of roles) callers = [...callers, { role, who: await staff(role) }]
  // A role without accounts must have no permissions.
  for (const role of STAFF_ROLES) if (!roles.includes(role)) expect(POLICY[role], role).toEqual([])
})

test('each form that made the samples was sent four times, and was answered alike each time', {
  tag: ['@full'],
}, () => {
  expect(insisted.length).toBeGreaterThan(30)
  for (const one of insisted) expectAlike(one)
})

const permissionOf = (door: Access): Permission | undefined => PERMISSIONS.find((one) => one === door)
const named = ({ role }: Caller) => role ?? 'nobody'
/** The callers' outcomes at one entry: the actual ones, or those that the table expects. */
type Met = Record<string, string>

/**
 * Returns the callers for the `nth` entry. The full run uses all of them. A short run uses the people who may
 * call it, a person who is not signed in, and one role that may not, which differs from entry to entry.
 */
function callersAt(nth: number, permission: Permission | undefined): readonly Caller[] {
  if (full) return callers
  const mayCome = ({ role }: Caller) => role !== null && permission !== undefined && may(role, permission)
  const others = callers.filter((one) => one.role !== null && !mayCome(one))
  return callers.filter(
    (one) => one.role === null || mayCome(one) || one === others[nth % Math.max(1, others.length)],
  )
}

async function meet(who: readonly Caller[], call: (caller: Caller) => Promise<string>): Promise<Met> {
  return Object.fromEntries(await Promise.all(who.map(async (one) => [named(one), await call(one)] as const)))
}

const expected = (who: readonly Caller[], outcome: (caller: Caller) => string): Met =>
  Object.fromEntries(who.map((one) => [named(one), outcome(one)]))

const leadsTo = ({ status, headers }: Answer): string | null =>
  status >= 300 && status < 400 ? (headers.get('location') ?? '') : null

function pageOutcome(answer: Answer): string {
  const to = leadsTo(answer)
  if (to !== null && /^\/dang-nhap(\?|$)/.test(to)) return 'signs in'
  if (to === missingPath('vi') || answer.status === 404) return 'missing'
  return answer.status === 200 || to !== null ? 'open' : `status ${answer.status}`
}

/** Parameters without which a page has nothing to show. */
const QUERIES: Readonly<Record<string, Record<string, string>>> = {
  '/admin/survey/agencies/change': { kind: 'add' },
}
/** Pages that may have no content, depending on other tests. Another test checks that their sources ask for the permission. */
const OPEN_OR_NOT = [
  // Exists only for a decision that has a letter.
  '/admin/cases/[number]/letters/[seq]',
  '/admin/survey/agencies/preview',
  '/admin/survey/comments/replies/[reply]',
  '/admin/survey/questionnaires/[version]/add',
  '/admin/survey/questionnaires/[version]/publish',
  '/admin/survey/questionnaires/[version]/questions/[question]',
  // Exists only for a version on trial.
  '/admin/survey/questionnaires/[version]/trial',
]

function addressOf(page: string, of: Samples): string {
  const names = [...page.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => name)
  const params = Object.fromEntries(names.map((name) => [name, of[name] ?? NOBODY]))
  return pathFor('vi', { pathname: page, params, query: QUERIES[page] ?? {} } as Route)
}

test('every page of the build opens to whom the table says', async () => {
  const { pages } = served()
  expect(pages.toSorted()).toEqual(Object.keys(PAGES).toSorted())
  for (const [nth, [page, door]] of Object.entries(PAGES).entries()) {
    const path = page === '/[...rest]' ? '/khong-co' : addressOf(page, samples)
    const permission = permissionOf(door)
    const some = callersAt(nth, permission)
    const met = await meet(some, async ({ who }) => pageOutcome(await who.send(path)))
    const same = met.nobody ?? ''
    const due = expected(some, (caller) => {
      const { role } = caller
      if (door === 'nobody') return 'missing'
      if (door !== 'signed in' && !permission) return same
      if (role === null) return 'signs in'
      if (permission && !may(role, permission)) return 'missing'
      return OPEN_OR_NOT.includes(page) && met[named(caller)] === 'missing' ? 'missing' : 'open'
    })
    expect(met, page).toEqual(due)
    // If everybody may open the page, signing in changes nothing.
    expect(permission || door === 'signed in' ? 'open' : same, page).toMatch(/^(open|missing)$/)
  }
})

/** Valid fields for every act on a case. Only the case number differs. */
const RIGHT_FIELDS = {
  version: '1',
  submitKey: randomUUID(),
  reasonCode: 'other',
  reason: 'Đã xem.',
  note: 'Đã xem.',
  assigneeId: '',
  disclosureReason: 'ownership',
  disclosureNote: '',
  askNumber: '0',
  askImei: '352987065816629',
  askCarrier: 'viettel',
}

/** Copies a person's session into a new visitor, because some handlers clear its cookies. */
function copyOf(who: Visitor): Visitor {
  const copy = visitor()
  for (const [name, value] of who.cookies) copy.cookies.set(name, value)
  return copy
}

const SERVED = '200'

/**
 * Handlers that have nothing to serve to these people: police get an original only by a second press, a POST; the sample case
 * has no letter, and the phone no receipt; nobody is invited to rate; and none of them has a passkey (passkey.spec.ts).
 */
const WITH_NOTHING = [
  'GET /api/cases/[number]/letters/[seq]',
  'GET /api/evidence/[id]/original',
  'GET /api/found/[phone]/receipt',
  'GET /api/survey/draws/[draw]/slips',
  'POST /api/staff/passkey',
]

/**
 * Returns the outcome of a handler. If a download first needs a code, a person with the permission is
 * redirected to the page that asks for it.
 */
const handlerOutcome = (answer: Answer): string =>
  leadsTo(answer)?.startsWith('/quan-tri') ? SERVED : String(answer.status)

/** Paths for programs. They answer a refusal as a problem document that lists the allowed methods. */
const FOR_PROGRAMS = /^\/api\/(carrier|health|openapi|v1)\b/

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']

test('every handler of the build serves whom the table says, and has no other method', async () => {
  const { routes } = served()
  expect(routes.toSorted()).toEqual(
    [...new Set(Object.keys(HANDLERS).map((one) => one.split(' ')[1]))].toSorted(),
  )
  const key = accounts().find((one) => one.carrier === samples.carrier)?.apiKey
  await reportIsDrawn()
  for (const [nth, route] of routes.entries()) {
    for (const method of METHODS) {
      const name = `${method} ${route}`
      const row = HANDLERS[name]
      // Next answers HEAD wherever there is GET.
      if (row === undefined && method === 'HEAD') continue
      const path = withSamples(route, samples)
      const doors = [row ?? []].flat()
      const permission = doors.map(permissionOf).find((one) => one !== undefined)
      const some = callersAt(nth, permission)
      const met = await meet(some, async ({ who }) =>
        handlerOutcome(await copyOf(who).send(path, { method })),
      )
      const asNobody = met.nobody ?? ''
      const isServed = (role: StaffRole) =>
        !WITH_NOTHING.includes(name) &&
        (doors.includes('signed in') || (permission !== undefined && may(role, permission)))
      expect(met, name).toEqual(expected(some, ({ role }) => (role && isServed(role) ? SERVED : asNobody)))
      // An event stream answers 204 to a person who is not signed in, so that the browser stops reconnecting.
      const isStream = doors.includes('signed in') && !WITH_NOTHING.includes(name)
      const refused = isStream ? /^204$/ : /^(303|4)/
      expect(asNobody, name).toMatch(
        row === undefined ? /^40[15]$/ : doors.includes('anybody') ? /^(2|3|4(?!0[13]))/ : refused,
      )
      if (row === undefined && FOR_PROGRAMS.test(route)) {
        const { headers } = await visitor().send(path, { method })
        expect(headers.get('content-type'), name).toMatch(/^application\/problem\+json/)
        expect(headers.get('allow'), name).toMatch(/^(GET|POST|GET, HEAD)$/)
      }
      if (!doors.some((door) => /carrier’s key/.test(door))) continue
      expect(asNobody, name).toBe('401')
      const { status } = await visitor().send(path, { method, headers: { authorization: `Bearer ${key}` } })
      expect(status, name).not.toBe(401)
      expect(status, name).toBeLessThan(500)
    }
  }
})

/** The worker freezes a report's figures some time after the report was requested. */
async function reportIsDrawn(): Promise<void> {
  const manager = callers.find(({ role }) => role === 'survey_manager')?.who
  const path = withSamples('/api/survey/reports/[report]/[file]', samples)
  // The worker does more urgent jobs first; city-report.spec.ts allows the same time.
  await expect.poll(async () => (await manager?.send(path))?.status, { timeout: 120_000 }).toBe(200)
}

test('to an officer of another district a case, its acts and its files are as if there were none', async () => {
  const outsider = await staff('officer', 'quan-1')
  const none: Samples = { ...samples, number: NUMBER_OF_NONE, id: NOBODY }
  // Compares only the words, because the order of parts and the nonces differ each time.
  const told = ({ status, headers, body }: Answer, of: Samples): string[] => {
    const text = `${headers.get('location')} ${body}`.replaceAll(/nonce\W+[\w+/=]+|"[\w-]{36}\\?"/g, '')
    const words = text.replaceAll(of.number ?? '', 'NUMBER').match(/[\p{L}\p{N}_-]{4,}/gu)
    return [String(status), ...new Set(words?.toSorted())]
  }
  const alike = async (what: string, call: (of: Samples) => Promise<Answer>) => {
    expect(told(await call(samples), samples), what).toEqual(told(await call(none), none))
  }
  const ofCases = Object.keys(PAGES).filter((page) => page.startsWith('/admin') && page.includes('[number]'))
  for (const page of ofCases) {
    await alike(page, (of) => outsider.send(addressOf(page, of)))
    expect(pageOutcome(await outsider.send(addressOf(page, samples)))).toBe('missing')
  }
  const ofFiles = Object.keys(HANDLERS).filter((name) => /^GET .*\[(id|number)\]/.test(name))
  for (const name of ofFiles) await alike(name, (of) => outsider.send(withSamples(name.slice(4), of)))
  const acts = builtActions().filter(({ page }) => ofCases.includes(page))
  for (const action of acts) {
    // Only `decideAction` reads the decision.
    const decisions = full || / decideAction$/.test(action.name) ? CASE_DECISIONS : CASE_DECISIONS.slice(0, 1)
    for (const decision of decisions) {
      await alike(`${action.name} ${decision}`, (of) =>
        act(outsider, action, { ...RIGHT_FIELDS, number: of.number ?? '', decision }),
      )
    }
  }
  const own = await staff('officer', 'quan-3')
  const page = await own.open(addressOf('/admin/cases/[number]', samples))
  expect(page.body).toContain(`data-case-number="${samples.number}"`)
})

const { session_ended, not_allowed } = catalogue.vi.faults.sign_in

/** Other tests use the sessions that these actions would end, even with an empty form; doors.spec.ts tests them. */
const ENDS_SESSIONS = / (signOut|endOthers)Action$/

/** Calls an action as React does, with the given fields. */
async function act(who: Visitor, { id, page }: BuiltAction, fields: Record<string, string>): Promise<Answer> {
  const body = new FormData()
  body.set('0', JSON.stringify([{ values: {}, errors: {} }, '$K1']))
  for (const [name, value] of Object.entries(fields)) body.set(`_1_${name}`, value)
  return who.send(addressOf(page, samples), {
    method: 'POST',
    headers: { 'next-action': id, origin: productUrl() },
    body,
  })
}

function actOutcome({ status, body }: Answer): string {
  if (body.includes(session_ended)) return 'signs in'
  if (body.includes(not_allowed)) return 'refused'
  return status === 200 || status === 303 ? 'reached' : `status ${status}`
}

test('every action of the build is reached by whom the table says, and refuses others before it reads', async () => {
  const actions = builtActions()
  expect(actions.map(({ name }) => name).toSorted()).toEqual(Object.keys(ACTIONS).toSorted())
  for (const [nth, action] of actions.filter(({ name }) => !ENDS_SESSIONS.test(name)).entries()) {
    const door = ACTIONS[action.name] as Access
    const permission = permissionOf(door)
    const some = callersAt(nth, permission)
    const met = await meet(some, async ({ who }) => actOutcome(await act(who, action, {})))
    const due = expected(some, ({ role }) => {
      if (!permission && door !== 'signed in') return 'reached'
      if (role === null) return 'signs in'
      return !permission || may(role, permission) ? 'reached' : 'refused'
    })
    expect(met, action.name).toEqual(due)
  }
})

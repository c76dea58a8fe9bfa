import type { Locator } from '@playwright/test'
import type { CaseDecision } from '#features/cases/decisions/rules.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { decide as decideByForm, Report } from '../forms/people.ts'
import { type Hands, Keys, Mouse, MouseWithoutScript } from '../hands.ts'
import type { StaffPages } from '../pages/staff-pages.ts'
import { peopleOf } from '../unit-people.ts'

type Kind = 'sound' | 'contested' | 'held' | 'unsure'
type Plan = ReadonlyMap<string, Kind>

const DESK = { width: 1280, height: 800 }
const AT_ONCE = 4

/**
 * Files a report of a unit whose label the machine reads. A contested report claims the phone of another unit's
 * case whose proof was accepted.
 */
async function file(unit: string, kind: Kind): Promise<string> {
  // Only a box, and no described device, so the machine's reading and the kind of paper answer every question.
  const answers = newAnswers({ district: unit, imei2: '', brand: '', model: '', colour: '' })
  if (kind !== 'contested') return (await new Report(answers, answers.imei1).file()).number
  const other = await new Report(newAnswers({ imei1: answers.imei1, imei2: '' }), answers.imei1).file()
  await decideByForm('officer', other.number, 'take')
  await decideByForm('officer', other.number, 'verify', { reason: 'IMEI trên nhãn hộp khớp với hồ sơ.' })
  return (await new Report({ ...answers, fullName: 'Lê Văn Kiên' }, answers.imei1).file()).number
}

async function filed(unit: string, kinds: readonly Kind[]): Promise<Plan> {
  const plan = new Map<string, Kind>()
  for (let from = 0; from < kinds.length; from += AT_ONCE) {
    const some = kinds.slice(from, from + AT_ONCE)
    const numbers = await Promise.all(some.map((kind) => file(unit, kind)))
    for (const [at, kind] of some.entries()) plan.set(numbers[at] ?? '', kind)
  }
  expect(plan.size).toBe(kinds.length)
  return plan
}

/** The number of presses for each time that an act was done. */
type Efforts = Partial<Record<CaseDecision, number[]>>

function note(efforts: Efforts, decision: CaseDecision, effort: number): void {
  const known = efforts[decision] ?? []
  efforts[decision] = [...known, effort]
}

const openCase = (hands: Hands) => hands.page.locator('div[data-case-status]')

async function numberOf(hands: Hands): Promise<string> {
  return (await openCase(hands).getAttribute('data-case-number')) ?? ''
}

/** Expects the proof, its questions and the button to be visible without scrolling. The reason follows from the answers. */
async function expectInSight(hands: Hands, decision: CaseDecision): Promise<void> {
  const { page } = hands
  const form = hands.formOf(decision)
  const seen: readonly Locator[] = [
    page.locator('[data-showing] .sight').first(),
    form.locator('[name="checkImei1"]').first(),
    form.locator('[name="checkDevice"]').last(),
    form.locator(`button[value="${decision}"]`).first(),
  ]
  expect(await page.evaluate(() => window.scrollY)).toBe(0)
  for (const one of seen) await expect.soft(one).toBeInViewport({ ratio: 0.5, timeout: 2_000 })
}

/** Opens the proof, and takes the case if it has no officer. */
async function open(hands: Hands): Promise<void> {
  await hands.ready()
  await hands.open()
  await expect(hands.page.locator('[data-open-until]')).toBeVisible()
  await hands.ready()
}

/** Agrees with the checklist, chooses a reason if asked to, and decides. */
async function decide(hands: Hands, decision: CaseDecision, reason = false): Promise<void> {
  await hands.agree(decision)
  // A script answers each question. Without one, a single tick answers all.
  await expect(
    hands.formOf(decision).locator(':is([value="yes"], [name="checkAll"]):checked').first(),
  ).toBeChecked()
  if (reason) await hands.reason(decision)
  await hands.decide(decision)
}

async function done(hands: Hands, decision: CaseDecision, number: string | null): Promise<void> {
  const { page } = hands
  await page.waitForURL((url) => {
    const { searchParams } = url
    return searchParams.get('done') === decision && searchParams.get('of') === number
  })
  await expect(page.locator('[role="status"]').first()).toBeVisible()
}

async function work(hands: Hands, kind: Kind, efforts: Efforts): Promise<void> {
  const number = await numberOf(hands)
  const act = async (decision: CaseDecision, what: () => Promise<void>) =>
    note(efforts, decision, await hands.counting(what))
  if (kind === 'contested')
    return act('accept_counterclaim', async () => {
      await open(hands)
      await hands.act('accept_counterclaim')
      await decide(hands, 'accept_counterclaim', true)
      await done(hands, 'accept_counterclaim', number)
    })
  if (kind === 'held') {
    await act('hold', async () => {
      await open(hands)
      await hands.act('hold')
      await decide(hands, 'hold', true)
      await done(hands, 'hold', null)
    })
    return act('request_info', async () => {
      await hands.ready()
      await hands.act('request_info')
      await hands.reason('request_info')
      await hands.decide('request_info')
      await done(hands, 'request_info', number)
    })
  }
  await act('verify', async () => {
    await open(hands)
    await expectInSight(hands, 'verify')
    await decide(hands, 'verify')
    await done(hands, 'verify', number)
  })
}

/** Takes the first case from the queue, and each next one, until none is left. */
async function officersShift(hands: Hands, plan: Plan): Promise<Efforts> {
  const efforts: Efforts = {}
  await hands.staff.openSection(hands.staff.casesPath)
  await hands.ready()
  await hands.next()
  for (let left = plan.size; left > 0; left--) {
    await expect(openCase(hands)).toBeVisible()
    const kind = plan.get(await numberOf(hands))
    if (!kind) throw new Error(`${await numberOf(hands)} is no case of this shift`)
    await work(hands, kind, efforts)
  }
  await expect(openCase(hands)).toHaveCount(0)
  return efforts
}

/** Confirms and approves cases, and sends unsure ones back, until none waits for a second person. */
async function supervisorsShift(hands: Hands, plan: Plan): Promise<Efforts> {
  const efforts: Efforts = {}
  await hands.staff.openSection(hands.staff.casesPath)
  await hands.ready()
  await hands.next()
  const waiting = [...plan.values()].filter((kind) => kind !== 'contested').length
  for (let left = waiting; left > 0; left--) {
    await expect(openCase(hands)).toBeVisible()
    const number = await numberOf(hands)
    const kind = plan.get(number)
    const decision = kind === 'held' ? 'confirm_hold' : kind === 'unsure' ? 'send_back' : 'approve'
    const effort = await hands.counting(async () => {
      if (decision === 'send_back') {
        await hands.ready()
        await hands.act('send_back')
        await hands.reason('send_back')
        await hands.decide('send_back')
      } else {
        await open(hands)
        await expectInSight(hands, decision)
        await decide(hands, decision)
      }
      await done(hands, decision, number)
    })
    note(efforts, decision, effort)
  }
  await expect(openCase(hands)).toHaveCount(0)
  return efforts
}

/** Finds a case that was sent back, verifies it again, and has it approved. */
async function onceMore(officer: Hands, supervisor: Hands): Promise<void> {
  const { page, staff } = officer
  await staff.openSection(`${staff.casesPath}?view=sent_back`)
  await page.locator('[data-rows] [data-row]').first().click()
  await expect(openCase(officer)).toBeVisible()
  const number = await numberOf(officer)
  await officer.ready()
  await decide(officer, 'verify')
  await done(officer, 'verify', number)
  await supervisor.staff.openSection(`${staff.casesPath}/${number}`)
  await supervisor.ready()
  await open(supervisor)
  await decide(supervisor, 'approve')
  await done(supervisor, 'approve', number)
}

/** Waits until the machine has read every label, as it has when a shift begins. */
async function readAll(staff: StaffPages, plan: Plan): Promise<void> {
  const agreeing = staff.page.locator('.queue-hint[data-hint="good"]')
  await expect(async () => {
    await staff.openSection(staff.casesPath)
    await expect(agreeing).toHaveCount(plan.size, { timeout: 100 })
  }).toPass({ intervals: [1_000] })
}

test('a shift by keys, and its second look by the mouse: each act in sight, with the next case behind it', async ({
  signIn,
}) => {
  const people = peopleOf('quan-8')
  const plan = await filed('quan-8', ['sound', 'contested', 'held', 'unsure'])
  const officer = new Keys(await signIn(people.officer))
  const supervisor = new Mouse(await signIn(people.supervisor))
  for (const { page } of [officer, supervisor]) await page.setViewportSize(DESK)
  await readAll(officer.staff, plan)
  expect.soft(await officersShift(officer, plan)).toEqual({
    verify: [3, 3],
    accept_counterclaim: [6],
    hold: [6],
    request_info: [3],
  })
  expect.soft(await supervisorsShift(supervisor, plan)).toEqual({
    confirm_hold: [3],
    approve: [3],
    send_back: [4],
  })
  await onceMore(officer, supervisor)
  for (const { page } of [officer, supervisor]) {
    expect(page.context().pages()).toHaveLength(1)
  }
  await expectAccessible(officer.page)
})

/** Twenty cases: sound ones, one that another person claims too, one whose phone is for sale, one that is sent back. */
const WHOLE: readonly Kind[] = [
  ...Array<Kind>(6).fill('sound'),
  'contested',
  ...Array<Kind>(5).fill('sound'),
  'held',
  ...Array<Kind>(4).fill('sound'),
  'unsure',
  ...Array<Kind>(2).fill('sound'),
]

for (const [how, Way, unit, script] of [
  ['by keys alone', Keys, 'quan-4', true],
  ['by the mouse alone', Mouse, 'quan-11', true],
  ['by the mouse, without a script', MouseWithoutScript, 'quan-10', false],
] as const)
  test.describe(`@full ${how}`, () => {
    test.use({ javaScriptEnabled: script })
    test(`a shift of twenty cases ${how}`, async ({ signIn }, { annotations }) => {
      test.setTimeout(1_200_000)
      const people = peopleOf(unit)
      const plan = await filed(unit, WHOLE)
      const officer = new Way(await signIn(people.officer))
      const supervisor = new Way(await signIn(people.supervisor))
      for (const { page } of [officer, supervisor]) await page.setViewportSize(DESK)
      await readAll(officer.staff, plan)
      const took = { ...(await officersShift(officer, plan)), ...(await supervisorsShift(supervisor, plan)) }
      await onceMore(officer, supervisor)
      const each = Object.entries(took).map(([act, efforts]) => {
        // An act takes the same number of presses each time, also after another page.
        for (const one of efforts) expect(one, act).toEqual(efforts[0])
        return `${act}: ${efforts[0]} presses, ${efforts.length} times`
      })
      annotations.push({ type: 'efforts', description: each.join('; ') })
      expect(took.verify?.[0]).toEqual(3)
    })
  })

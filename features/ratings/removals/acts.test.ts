import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { GET as ofKiosks } from '#app/api/v1/results/kiosks/route.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { answerAtKiosk, makePairedKiosk } from '#tests/factories/kiosk.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { confirm, refuse } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { publishKiosks } from '../publication/acts.ts'
import { askKioskRemoval as askRemoval } from './acts.ts'
import { listKioskRemovals } from './data.ts'

const weeks = ['2026-11-09', '2026-11-16', '2026-11-23'].map((day) => new Date(`${day}T01:00:00Z`))
const after = new Date('2026-12-02T03:00:00Z')
const reason = 'Một người bấm ba mươi lần lúc quầy vắng.'

const askKioskRemoval = (by: StaffActor, sent: typeof typed, at: Instant) =>
  askRemoval(by, { ...sent, submitKey: randomUUID() }, at)

/** Sends thirty-six answers in each of two weeks, and five of a third that still wait. */
async function threeWeeks() {
  const kiosk = await makePairedKiosk('quan-11', weeks[0] ?? after)
  for (const [week, from] of weeks.entries()) {
    for (let n = 0; n < (week === 2 ? 5 : 36); n++) {
      const at = addMilliseconds(from, n * 600_000)
      expect(await answerAtKiosk(kiosk, { r1: week === 0 ? '2' : '5' }, at)).toBe('ok')
    }
    await publishKiosks(addMilliseconds(from, 9 * 86_400_000))
  }
}
const headline = async () => (await readAgencyResults('quan-11', after))?.kiosks?.headline ?? null
const typed = { agencyId: 'quan-11', from: '17/11/2026', to: '24/11/2026', reason, reasonEn: 'One hand.' }

it('takes whole weeks out by two people: what is left is the other week’s, and everybody reads why', async () => {
  await threeWeeks()
  for (let n = 0; n < 10; n++) await makeRating('quan-11', after, { r1: '4' }, { address: `203.0.113.${n}` })
  expect(await headline()).toMatchObject({ responses: 72, share: { value: 0.5 } })
  const [manager, second] = [await makeStaff('survey_manager'), await makeStaff('survey_manager')]
  const asked = must(await askKioskRemoval(manager, typed, after))
  expect(await headline(), 'asked for alone it does nothing').toMatchObject({ responses: 72 })
  expect(
    await askKioskRemoval(second, { ...typed, from: '16/11/2026', reason: `${reason} Nữa.` }, after),
  ).toEqual(err({ form: 'request.asked' }))
  expect(await confirm(manager, asked, after), 'oneself').toMatchObject({ ok: false })
  expect(await confirm(second, asked, after)).toMatchObject({ ok: true })
  expect(await headline()).toMatchObject({ responses: 36, share: { value: 0 } })
  const json = await (await ofKiosks(new Request('http://localhost/'), {} as never)).json()
  expect(new Set(json.kiosks.map(({ week }: { week: string }) => week))).toEqual(new Set(['2026-11-09']))
  // Web answers are untouched; the week's waiting answers are never published; the answers themselves are kept.
  expect(await readAgencyResults('quan-11', after)).toMatchObject({ responses: 10 })
  expect(await publishKiosks(new Date('2026-12-16T03:00:00Z'))).toBe(0)
  expect(await db.kioskResponse.count()).toBe(77)
  expect(await db.kioskResponse.count({ where: { removalId: { not: null } } })).toBe(41)
  expect(await listKioskRemovals()).toMatchObject([
    { answers: 36, reason, reasonEn: 'One hand.', agency: { nameVi: 'Quận 11' } },
  ])
  expect(await db.auditEntry.findMany({ where: { act: 'survey.kiosk_removed' } })).toMatchObject([
    { facts: { agency: 'quan-11', answers: 36, from: '2026-11-16', to: '2026-11-23', askedBy: manager.id } },
  ])
  expect(await askKioskRemoval(manager, typed, after)).toEqual(err({ form: 'removal.not_found' }))
})

it('leaves everything where the second person refuses, and asks nothing of others', async () => {
  await threeWeeks()
  const [manager, second] = [await makeStaff('survey_manager'), await makeStaff('survey_manager')]
  expect(await askKioskRemoval(await makeStaff('auditor'), typed, after)).toEqual(err('forbidden'))
  const asked = must(await askKioskRemoval(manager, typed, after))
  expect(await refuse(second, asked, after)).toMatchObject({ ok: true })
  expect(await headline()).toMatchObject({ responses: 72 })
})

it('names each fault beside its field', async () => {
  const manager = await makeStaff('survey_manager')
  const bad = { agencyId: 'quan-99', from: '40/11/2026', to: '24/12/2026', reason: 'x', reasonEn: '' }
  expect(await askKioskRemoval(manager, bad, after)).toMatchObject(
    err({
      agencyId: 'kiosk.agency',
      from: expect.stringMatching(/^removal\./),
      to: 'removal.future',
      reason: 'reversal.empty',
    }),
  )
  const turned = { ...typed, from: '24/11/2026', to: '2/11/2026' }
  expect(await askKioskRemoval(manager, turned, after)).toMatchObject({
    error: { to: 'removal.order' },
  })
})

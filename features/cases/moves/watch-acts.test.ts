import { expect, test } from 'vitest'
import { checkPhone } from '#features/check/acts.ts'
import { carrierStates } from '#features/exchange/case-orders/data.ts'
import { listFile } from '#features/exchange/lists/data.ts'
import { recordResults } from '#features/exchange/results/acts.ts'
import { recordSightings } from '#features/exchange/sightings/acts.ts'
import { runLateness } from '#features/lateness/jobs.ts'
import { renderMail, renderSms } from '#features/notices/templates.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  PARTICULARS,
  stateOf,
  unblock,
} from '#tests/factories/case.ts'
import { caseForCitizen } from '../citizen/data.ts'
import { runClocks } from '../clocks/acts.ts'
import { settleCase } from '../settling/acts.ts'
import { caseStanding, ownLines } from '../standing/rules.ts'
import { drawWay, nextEntries, pastEntries } from '../timeline/rules.ts'

const now = new Date()
const citizen = { kind: 'citizen' } as const

async function makeWatchedCase() {
  const police = await makePolice()
  const made = await makeProvenCase({ now })
  await move(made.id, citizen, { move: 'watch' }, now)
  await move(made.id, police.officer, { move: 'take' }, now)
  await move(made.id, police.officer, { move: 'verify' }, now)
  await move(made.id, police.supervisor, { move: 'approve' }, now)
  return { ...made, police }
}

const told = async ({ imeis }: MadeCase, carrierId = 'viettel') =>
  (await db.bookEntry.findMany({ where: { carrierId, imei: imeis[0] ?? '' }, orderBy: { seq: 'asc' } })).map(
    ({ action }) => action,
  )

/** Returns what others see of the phone: on a carrier's list, in its count, and in the public check. */
async function outside({ imeis: [imei = ''] }: MadeCase) {
  const { bookHead, blocklistSize } = await db.carrier.findUniqueOrThrow({ where: { id: 'viettel' } })
  const list = await new Response((await listFile('viettel', Number(bookHead)))?.body).text()
  const checked = await checkPhone(imei, 'somebody', now)
  return { listed: list.includes(imei), count: blocklistSize, check: checked.ok && checked.value.result }
}

const seen = async ({ imeis: [imei = ''] }: MadeCase) =>
  (
    await recordSightings(
      'viettel',
      [{ imei, at: now.toISOString(), kind: 'attach' as const, served: true }],
      now,
    )
  ).map(({ status }) => status)

/** Makes every carrier carry out the newest order of the case. */
async function carryOut({ id, imeis }: MadeCase, at = now) {
  for (const order of await db.carrierOrder.findMany({ where: { caseId: id, state: 'sent' } })) {
    const done = { order: order.id, imei: imeis[0] ?? '', outcome: 'applied' as const, at: at.toISOString() }
    expect(await recordResults(order.carrierId, [done], at)).toMatchObject([{ status: 'recorded' }])
  }
  await settleCase(id, at)
}

test('a watched phone stays in service, off every list and unknown to the check; its carrier tells of it', async () => {
  const made = await makeWatchedCase()
  expect(await stateOf(made.id)).toBe('watching')
  expect(await told(made)).toEqual(['watch'])
  expect(await outside(made)).toEqual({ listed: false, count: 0, check: 'not_reported' })
  await carryOut(made)
  expect(await stateOf(made.id)).toBe('watching')
  expect(await seen(made)).toEqual(['recorded'])
  // The phone was let into the network, as it should be.
  expect(await db.carrierFlag.count({ where: { kind: 'served_blocked' } })).toBe(0)
  expect(await db.notice.count({ where: { caseId: made.id, template: 'approve_watch' } })).toBe(1)
})

test('its person has it blocked with one press, by the approval that there was', async () => {
  const made = await makeWatchedCase()
  await carryOut(made)
  await move(made.id, citizen, { move: 'block' }, now)
  expect(await stateOf(made.id)).toBe('blocking')
  expect(await told(made)).toEqual(['watch', 'block'])
  await carryOut(made)
  expect(await stateOf(made.id)).toBe('blocked')
  expect(await outside(made)).toEqual({ listed: true, count: 1, check: 'reported' })
})

test('after fourteen days the block follows by itself, also where a carrier never answered', async () => {
  const made = await makeWatchedCase()
  await runClocks(addMilliseconds(now, 14 * DAY - HOUR))
  expect(await stateOf(made.id)).toBe('watching')
  const after = addMilliseconds(now, 14 * DAY)
  expect(await runClocks(after)).toMatchObject({ watchesEnded: 1 })
  expect(await stateOf(made.id)).toBe('blocking')
  await carryOut(made, after)
  expect(await stateOf(made.id)).toBe('blocked')
  const data = await exportData(citizenScope(made.id, 'full'), made.id, 'json', after)
  expect(data?.recovery).toMatchObject({ wishedAt: now, watchUntil: after })
})

test('two people end it for a phone that is found; a refusal lets it go on', async () => {
  const made = await makeWatchedCase()
  await move(made.id, citizen, { move: 'request_unblock' }, now)
  await move(made.id, made.police.supervisor, { move: 'refuse_unblock', reasonCode: 'other' }, now)
  expect(await stateOf(made.id)).toBe('watching')
  await unblock(made, now)
  expect(await told(made)).toEqual(['watch', 'unblock'])
  await carryOut(made)
  expect(await stateOf(made.id)).toBe('unblocked')
  expect(await outside(made)).toEqual({ listed: false, count: 0, check: 'not_reported' })
  expect(await seen(made)).toEqual(['unknown'])
})

test('a wish that is taken back, and a phone that is blocked for a while already, are blocked at once', async () => {
  const police = await makePolice()
  const made = await makeProvenCase({ now })
  await move(made.id, citizen, { move: 'watch' }, now)
  await move(made.id, citizen, { move: 'block' }, now)
  await move(made.id, police.officer, { move: 'take' }, now)
  await move(made.id, police.officer, { move: 'verify' }, now)
  await move(made.id, police.supervisor, { move: 'approve' }, now)
  expect(await told(made)).toEqual(['block'])
  const held = await makeProvenCase({ now })
  await move(held.id, citizen, { move: 'watch' }, now)
  await move(held.id, police.officer, { move: 'hold' }, now)
  await move(held.id, police.supervisor, { move: 'confirm_hold' }, now)
  await expect(move(held.id, citizen, { move: 'watch' }, now)).rejects.toThrow('wrong_state')
  await move(held.id, police.officer, { move: 'take' }, now)
  await move(held.id, police.officer, { move: 'verify' }, now)
  await move(held.id, police.supervisor, { move: 'approve' }, now)
  expect(await told(held)).toEqual(['block', 'block'])
})

test('no line to watch stands in a book without two people, and no account writes one by hand', async () => {
  const made = await makeBlockingCase({ now })
  const other = await makeProvenCase({ now })
  const order = await db.carrierOrder.findFirstOrThrow({ where: { caseId: made.id, carrierId: 'viettel' } })
  await db.carrierOrder.create({
    data: { ...order, id: crypto.randomUUID(), caseId: other.id, action: 'watch' },
  })
  const forged = await db.carrierOrder.findFirstOrThrow({ where: { caseId: other.id } })
  const line = await db.bookEntry.findFirstOrThrow({ where: { orderId: order.id } })
  await expect(
    db.bookEntry.create({
      data: { ...line, seq: line.seq + 1n, orderId: forged.id, imei: other.imeis[0] ?? '', action: 'watch' },
    }),
  ).rejects.toThrow('takes two people')
})

test('a conflict keeps no watch going: one press ends it, so do police, and so do its days', async () => {
  const [pressed, stopped, left] = [await makeWatchedCase(), await makeWatchedCase(), await makeWatchedCase()]
  await db.case.updateMany({
    where: { id: { in: [pressed.id, stopped.id, left.id] } },
    data: { held: 'conflict' },
  })
  await move(pressed.id, citizen, { move: 'block' }, now)
  await move(stopped.id, stopped.police.officer, { move: 'stop_watch', text: 'x' }, now)
  await runClocks(addMilliseconds(now, 15 * DAY))
  for (const made of [pressed, stopped, left]) {
    expect(await stateOf(made.id)).toBe('blocking')
    expect(await told(made)).toEqual(['watch', 'block'])
  }
})

const [SIM = ''] = PARTICULARS.phoneNumbers
const inPhone = { kind: 'phone', value: SIM } as const

/** Makes a case whose messages go to the lost phone's own number, and to others; watched if its person wants that. */
async function makeTold(watched: boolean, others: Partial<typeof PARTICULARS> = {}) {
  const police = await makePolice()
  const made = await makeProvenCase({ now, particulars: { contact: inPhone, ...others } })
  if (watched) await move(made.id, citizen, { move: 'watch' }, now)
  await move(made.id, police.officer, { move: 'take' }, now)
  await move(made.id, police.officer, { move: 'verify' }, now)
  await move(made.id, police.supervisor, { move: 'approve' }, now)
  return { ...made, police }
}
const sentTo = async ({ id }: MadeCase, channel: 'email' | 'phone') =>
  (await db.notice.findMany({ where: { caseId: id, channel } }))
    .map(({ template }) => template)
    .filter((template) => !['submitted', 'take', 'verify'].includes(template))
    .toSorted()

test('the number that was in the phone reads nothing of a watch beside another contact, but alarms, and those name no act', async () => {
  const secondContact = { kind: 'email', value: 'anh@example.vn', inForceAt: now.toISOString() } as const
  const made = await makeTold(true, { secondContact })
  await move(made.id, made.police.officer, { move: 'note_look' }, now)
  await move(made.id, made.police.officer, { move: 'call_holder' }, now)
  await move(made.id, citizen, { move: 'request_unblock' }, now)
  await move(made.id, citizen, { move: 'undo_unblock' }, now)
  await move(made.id, made.police.officer, { move: 'stop_watch', text: 'x' }, now)
  expect(await sentTo(made, 'email')).toEqual(
    [
      ...['watch', 'approve_watch', 'note_look', 'call_holder', 'request_unblock_watched'],
      ...['undo_unblock_watched', 'stop_watch'],
    ].toSorted(),
  )
  expect(await sentTo(made, 'phone')).toEqual(['changed', 'changed', 'changed'])
  for (const template of ['news', 'changed'] as const)
    for (const locale of ['vi', 'en']) {
      const params = { number: made.number, call: '028 3829 7643' }
      const site = { url: 'https://antam.example' }
      const text = `${renderSms(template, locale, params, site)} ${renderMail(template, locale, params, site).body}`
      expect(text).not.toMatch(/theo dõi|thấy máy|nhà mạng|tìm|mở chặn|watch|seen|carrier|find|unblock/i)
    }
})

test('where it is the only contact, it reads of a watch what it reads of a block', async () => {
  const [watched, blocked] = [await makeTold(true), await makeTold(false)]
  await db.notice.deleteMany({ where: { caseId: watched.id, template: 'changed' } })
  expect(await sentTo(watched, 'phone')).toEqual(['news'])
  expect(await sentTo(blocked, 'phone')).toEqual(['news'])
  for (const made of [watched, blocked]) {
    await move(made.id, citizen, { move: 'request_unblock' }, now)
    await move(made.id, made.police.supervisor, { move: 'refuse_unblock', reasonCode: 'other' }, now)
  }
  expect(await sentTo(watched, 'phone')).toEqual(['changed', 'news', 'news'])
  expect(await sentTo(blocked, 'phone')).toEqual(['changed', 'news', 'news'])
})

test('it does not read that police are late to decide on a watch, nor on a block', async () => {
  const secondContact = { kind: 'email', value: 'anh@example.vn', inForceAt: now.toISOString() } as const
  const made = [await makeTold(true), await makeTold(false), await makeTold(true, { secondContact })]
  for (const { id } of made) await move(id, citizen, { move: 'request_unblock' }, now)
  await db.notice.deleteMany()
  await runLateness(addMilliseconds(now, 13 * DAY))
  expect(await Promise.all(made.map((one) => sentTo(one, 'phone')))).toEqual([['news'], ['news'], []])
  expect(await sentTo(made[2] as MadeCase, 'email')).toEqual(['late'])
})

test('a code shows of a watched phone what it shows of one that waits for its second person; the secret shows the watch', async () => {
  const police = await makePolice()
  const waits = await makeProvenCase({ now })
  await move(waits.id, police.officer, { move: 'take' }, now)
  await move(waits.id, police.officer, { move: 'verify' }, now)
  const watched = await makeWatchedCase()
  await move(watched.id, watched.police.officer, { move: 'note_look' }, now)
  const shown = async ({ id }: MadeCase, access: 'full' | 'status') => {
    const scope = citizenScope(id, access)
    const view = await caseForCitizen(scope, id)
    if (view === null) throw new Error('no case')
    const { snapshot, events } = view
    const { chapter, holder } = caseStanding(snapshot, { now, holidays: view.holidays })
    return {
      ...{ chapter, holder, state: snapshot.state, way: drawWay(snapshot.state, chapter) },
      past: pastEntries(snapshot, events).map(({ move: done, from, to, when }) => ({ done, from, to, when })),
      next: nextEntries(snapshot, chapter, { now, holidays: view.holidays }).map(({ step }) => step),
      carriers: ownLines(snapshot, await carrierStates(scope, id)),
    }
  }
  const asWaiting = await shown(waits, 'status')
  expect(await shown(watched, 'status')).toEqual(asWaiting)
  expect(await shown(watched, 'full')).toMatchObject({ state: 'watching', next: ['watch_ends'] })
  await move(watched.id, citizen, { move: 'request_unblock' }, now)
  expect(await shown(watched, 'status')).toEqual(asWaiting)
  await move(watched.id, citizen, { move: 'undo_unblock' }, now)
  await move(watched.id, citizen, { move: 'block' }, now)
  expect(await shown(watched, 'status')).toMatchObject({ state: 'blocking' })
})

import '#server-only'
import { randomUUID } from 'node:crypto'
import { createTranslator } from 'use-intl/core'
import { z } from 'zod'
import { allUnits } from '#features/areas/data.ts'
import { act, logged, refuse, refuseFields } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { byOf } from '#features/cases/found/acts.ts'
import { followClaims, insertFound } from '#features/cases/found/data.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import type { CaseRefusal } from '#features/cases/moves/transition-rules.ts'
import { writeCaseScope } from '#features/cases/record/data.ts'
import { isOpenTo } from '#features/disclosures/openings/data.ts'
import { digestOf, signStatement } from '#features/exchange/lists/data.ts'
import { askQuestion } from '#features/exchange/questions/acts.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import { codeOfMessage, readMessage } from '#features/notices/message-codes/rules.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { displayName } from '#lib/imei/device.ts'
import { isTestImei, parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pathFor } from '#messages/paths.ts'
import { seal, unwrap } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { enqueue } from '#platform/queue.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { inScope } from '#platform/scope.ts'
import {
  describeNotice,
  findNotice,
  type HandedInBy,
  type HolderNotice,
  type HolderPage,
  holderPlace,
  isRecoveryOn,
} from './data.ts'
import { isCallable, type Surrender } from './rules.ts'

type OnCase = { readonly number: string; readonly submitKey: string }
type DeskRefusal = 'forbidden' | 'not_found' | 'unseen'

/**
 * Locates the case for an act of the police. They must have opened its papers with a reason, because where a phone is
 * counts as telecom-use data.
 */
async function openedCase(
  tx: Tx,
  scope: CaseScope,
  actor: StaffReader,
  number: string,
  now: Instant,
): Promise<Result<{ readonly id: string; readonly key: WrappedKey }, 'not_found' | 'unseen'>> {
  const found = await tx.case.findFirst({
    where: { AND: [{ number, erasedAt: null }, writeCaseScope(scope)] },
    select: { id: true, state: true, key: { select: WRAPPED_KEY } },
  })
  if (!found || !isRecoveryOn() || !isCallable(found.state)) return err('not_found')
  return (await isOpenTo(actor, found.id, now, tx)) ? ok(found) : err('unseen')
}

/**
 * Records that police have looked at a phone that was seen and ask nobody now; the next sighting starts their deadline again. The
 * owner learns that police looked, not what they saw.
 */
export async function noteLook(
  actor: StaffReader,
  { number, submitKey }: OnCase,
  now: Instant,
): Promise<Result<true, DeskRefusal | CaseRefusal>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:decide')) return err('forbidden')
  return inScope(scope, () =>
    actOnce<true, DeskRefusal | CaseRefusal>(submitKey, `recovery.look:${actor.id}`, now, async (tx) => {
      const found = await openedCase(tx, scope, actor, number, now)
      if (!found.ok) return found
      const { id } = found.value
      const { count } = await tx.recovery.updateMany({
        where: { caseId: id, dueAt: { not: null } },
        data: { dueAt: null },
      })
      if (count === 0) return err('not_found')
      const move = { caseId: id, version: null, move: 'note_look' } as const
      const moved = await moveCase(tx, scope, actor, move, now)
      return moved.ok ? ok(true) : moved
    }),
  )
}

/**
 * Has the carrier that last saw a phone ask its holder to hand it in. The carrier passes on a text with a code and never tells us
 * who the holder is. The owner is told that the holder was asked.
 */
export async function callHolder(
  actor: StaffReader,
  { number, submitKey }: OnCase,
  now: Instant,
): Promise<Result<true, DeskRefusal | 'not_seen' | 'done' | 'no_such_carrier' | CaseRefusal>> {
  type Refusal = DeskRefusal | 'not_seen' | 'done' | 'no_such_carrier' | CaseRefusal
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:decide')) return err('forbidden')
  return inScope(scope, () =>
    actOnce<true, Refusal>(submitKey, `recovery.call:${actor.id}`, now, async (tx) => {
      const found = await openedCase(tx, scope, actor, number, now)
      if (!found.ok) return found
      const { id: caseId, key: wrapped } = found.value
      await tx.$queryRaw`SELECT 1 FROM recoveries WHERE case_id = ${caseId}::uuid FOR UPDATE`
      const seen = await tx.sighting.findFirst({
        where: { caseId },
        orderBy: [{ at: 'desc' }, { id: 'asc' }],
        select: { carrierId: true, imei: true },
      })
      if (!seen || isTestImei(seen.imei)) return err('not_seen')
      const open = { caseId, imei: seen.imei, expiresAt: { gt: now }, handedInAt: null }
      if ((await tx.holderNotice.count({ where: open })) > 0) return err('done')
      const id = randomUUID()
      const key = unwrap(caseId, wrapped)
      const text = await textOf(id, seen.imei)
      const expiresAt = addMilliseconds(now, NOTICE_LIFE)
      const { carrierId, imei } = seen
      const about = { kind: 'notify_holder', imei, text } as const
      const asked = await askQuestion(tx, actor, { key, carrierId, msisdn: '', about, at: now })
      if (!asked.ok) return err('no_such_carrier')
      await tx.holderNotice.create({
        data: {
          ...{ id, caseId, imei: seen.imei, questionId: asked.value, expiresAt },
          ...{ calledById: actor.id, calledAt: now },
        },
        select: { id: true },
      })
      await tx.recovery.updateMany({ where: { caseId }, data: { dueAt: null } })
      const move = { caseId, version: null, move: 'call_holder' } as const
      const moved = await moveCase(tx, scope, actor, move, now)
      return moved.ok ? ok(true) : moved
    }),
  )
}

/** How long the code of a notice works. */
const NOTICE_LIFE = 30 * DAY

/**
 * Writes the text that a carrier passes on: which phone, what to do, and how to verify the sender. It has no name and no place.
 */
async function textOf(noticeId: string, imei: string): Promise<string> {
  const t = createTranslator({ locale: 'vi', messages: catalogue.vi, namespace: 'recovery' })
  const device = await deviceOf(imei.slice(0, 8))
  const site = env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`
  const page = (pathname: '/hand-in' | '/verify') => new URL(pathFor('vi', { pathname }), site).href
  return t('sms', {
    device: device ? displayName(device.manufacturer, device.model) : t('unknownDevice'),
    ending: imei.slice(-4),
    code: codeOfMessage(noticeId),
    page: page('/hand-in'),
    verify: page('/verify'),
  })
}

type CodeRefusal = 'empty' | 'format' | 'several' | 'not_found' | { readonly minutes: number }

/**
 * Opens the page of a notice for a person with its code. Every try counts towards the limit, right or wrong. A code that is
 * wrong, expired or of a closed case gets the same answer.
 */
export async function openNotice(
  typed: string,
  address: string,
  now: Instant,
): Promise<Result<HolderPage, CodeRefusal>> {
  const read = readMessage(typed)
  if (!read.ok) return read
  const limit = await withinLimit('hand_in_address', address, now)
  if (!limit.allowed) return err({ minutes: Math.ceil(limit.retryAfterSeconds / 60) })
  if (!isRecoveryOn()) return err('not_found')
  return inScope(systemScope(), () =>
    transaction(async (tx) => {
      const notice = await findNotice(tx, read.value.code, now)
      if (!notice || (notice.handedInAt === null && !(await isLive(tx, notice.caseId))))
        return err('not_found')
      // After the hand-in the desk draws this page too, so an opening is no longer recorded.
      if (notice.openedAt === null && notice.handedInAt === null) {
        const opened = await tx.holderNotice.updateMany({
          where: { id: notice.id, openedAt: null },
          data: { openedAt: now },
        })
        if (opened.count === 1) await log(tx, notice.caseId, 'case.notice_opened', now)
      }
      return ok(await describeNotice(notice))
    }),
  )
}

const isLive = async (tx: Tx, caseId: string): Promise<boolean> => {
  const c = await tx.case.findFirst({ where: { id: caseId, erasedAt: null }, select: { state: true } })
  return c !== null && isCallable(c.state)
}

const log = (tx: Tx, caseId: string, act: 'case.notice_opened' | 'case.post_chosen', at: Instant) =>
  audit(tx, { actor: { kind: 'system' }, act, subject: { kind: 'case', id: caseId }, caseId, at })

/** Stores the post where the holder will bring the phone; they may change it until the hand-in. */
export async function choosePost(
  { code, unitId, submitKey }: { readonly code: string; readonly unitId: string; readonly submitKey: string },
  posts: readonly string[],
  address: string,
  now: Instant,
): Promise<Result<true, CodeRefusal | 'post'>> {
  const opened = await openNotice(code, address, now)
  if (!opened.ok) return opened
  if (!posts.includes(unitId)) return err('post')
  return inScope(systemScope(), () =>
    actOnce<true, 'not_found'>(submitKey, 'recovery.post', now, async (tx) => {
      const notice = await findNotice(tx, opened.value.code, now)
      if (!notice || notice.handedInAt !== null) return err('not_found')
      const { count } = await tx.holderNotice.updateMany({
        where: { id: notice.id, handedInAt: null, OR: [{ unitId: null }, { unitId: { not: unitId } }] },
        data: { unitId },
      })
      if (count === 1) await log(tx, notice.caseId, 'case.post_chosen', now)
      return ok(true)
    }),
  )
}

const typed = z.string().max(300, 'found.too_long').default('')

/**
 * Takes in a phone that its holder brings to a post. The officer reads the IMEI from the phone; a phone other than the notice's
 * is refused. It is kept like any found phone and its owner is told where. The holder need not give a name.
 */
export const takeHandedIn = act({
  name: 'case.handed_in',
  permission: 'found:manage',
  faults: 'recovery',
  once: (actorId) => `recovery.hand_in:${actorId}`,
  input: z.object({ holderCode: typed, imei: typed, custody: typed, holderName: typed, holderFrom: typed }),
  page: (_, foundId) => ({
    pathname: '/admin/found/[phone]',
    params: { phone: foundId },
    query: { done: 'handed_in' },
  }),
  within: (work) => inScope(systemScope(), work),
  async run({ tx, actor, input, now }) {
    const read = readMessage(input.holderCode)
    const imei = parseImei(input.imei)
    const custody = input.custody.trim()
    if (!read.ok || !imei.ok || custody === '')
      return refuseFields({
        ...(!read.ok && { holderCode: `recovery.code_${read.error}` }),
        ...(!imei.ok && { imei: 'recovery.imei_invalid' }),
        ...(custody === '' && { custody: 'recovery.missing' }),
      })
    const notice = isRecoveryOn() ? await findNotice(tx, read.value.code, now) : null
    if (!notice) return refuse('code_not_found', 'holderCode')
    await tx.$queryRaw`SELECT 1 FROM holder_notices WHERE id = ${notice.id}::uuid FOR UPDATE`
    const { handedInAt } = await tx.holderNotice.findUniqueOrThrow({ where: { id: notice.id } })
    if (handedInAt !== null) return refuse('code_used', 'holderCode')
    const { key } = imei.value
    if (notice.imei.slice(0, 14) !== key) return refuse('other_phone', 'imei')
    const by = await byOf(tx, actor, now)
    const receipt = await receiptFor(notice, by.unitId, now)
    const phone = { imei: imei.value.imei, key14: key, foundOn: localDate(now), foundPlace: custody, custody }
    const [foundId] = await insertFound(tx, [{ ...phone, note: '' }], by)
    if (foundId === undefined) return refuse('taken', 'imei')
    await followClaims(tx, { keys: [key] })
    await enqueue(tx, 'found-tell', {})
    const said: HandedInBy = { name: input.holderName.trim(), from: input.holderFrom.trim() }
    await tx.holderNotice.update({
      where: { id: notice.id },
      data: {
        ...{ foundId, handedInAt: now, handedInToId: actor.id, handedInAtId: by.unitId, receipt },
        ...((said.name !== '' || said.from !== '') && {
          sealedHolder: seal(unwrap(notice.caseId, notice.key), holderPlace(notice.id), said),
        }),
      },
      select: { id: true },
    })
    await tx.carrierQuestion.updateMany({ where: { id: notice.questionId }, data: { open: false } })
    await tx.recovery.updateMany({ where: { caseId: notice.caseId }, data: { dueAt: null } })
    const { caseId } = notice
    const subject = { kind: 'case', id: caseId } as const
    const facts = { sha256: digestOf(receipt) }
    await audit(tx, { actor, act: 'case.handed_in', subject, caseId, facts, at: now })
    return logged(foundId)
  },
})

/** Signs the receipt: which phone, when and where. It is in Vietnamese, as a paper of the police. */
async function receiptFor({ id, imei }: HolderNotice, unitId: string | null, at: Instant): Promise<string> {
  const t = createTranslator({ locale: 'vi', messages: catalogue.vi })
  const [device, units] = await Promise.all([deviceOf(imei.slice(0, 8)), allUnits()])
  const unit = units.find((one) => one.id === unitId)
  return signStatement(
    canonicalJson({
      type: 'an-tam/hand-in/1',
      device: device ? displayName(device.manufacturer, device.model) : '',
      ending: imei.slice(-4),
      at: at.toISOString(),
      unit: unit ? t('common.unit.police', { area: unit.nameVi }) : t('recovery.page.city'),
      code: codeOfMessage(id),
    } satisfies Surrender),
  )
}

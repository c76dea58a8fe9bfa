import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { foreignOrigin } from '#app/foreign-origin.ts'
import { MESSAGE_MAX } from '#domain/case/citizen-acts.ts'
import type { EvidenceFault } from '#domain/evidence/fault.ts'
import { holderKind } from '#domain/evidence/kind.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#domain/evidence/limits.ts'
import type { HolderActLeft } from '#domain/objection/act-left.ts'
import { isHolderAct } from '#domain/objection/moves.ts'
import { cleanText } from '#domain/person/text.ts'
import type { Result } from '#domain/result.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart } from '#server/entry/multipart.ts'
import { leaveForObjection, openObjection } from '#server/entry/objection.ts'
import { discardFiles, receiveFile } from '#server/evidence/commands.ts'
import { actAsHolder, type HolderRefusal } from '#server/objections/commands/act.ts'
import { objectionForHolder } from '#server/objections/loaders/objection.ts'

export const dynamic = 'force-dynamic'

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  fields: 20,
  // Far more than a message may be: what is too long is refused with words, and shown again whole.
  fieldBytes: 1024 * 1024,
  bodyBytes: MAX_BODY_BYTES,
}

const followPage = (locale: Locale, fault: string): Response =>
  seeOther(pathFor(locale, { pathname: '/blocked/follow', query: { fault } }))

type Files = readonly Result<unknown, EvidenceFault>[]

/** What is wrong with a form, a fault a field. */
function faultsIn(act: string, message: string, long: boolean, files: Files, tooMany: boolean) {
  const refused = files.find((file) => !file.ok)
  const empty = message === '' && (act === 'renew' || (act === 'reply' && files.length === 0))
  return {
    ...(long && { message: 'track.message_long' }),
    ...(empty && !long && { message: `objection.${act}_empty` }),
    ...(refused && !refused.ok && { evidence: `evidence.${refused.error}` }),
    ...(tooMany && { evidence: 'evidence.too_many' }),
  }
}

const TOLD: readonly HolderRefusal[] = [
  'stale',
  'renewed_already',
  'renewed_late',
  'not_blocked',
  'open_already',
]
const faultOf = (refusal: HolderRefusal): Record<string, string> =>
  refusal === 'too_many'
    ? { evidence: 'evidence.too_many' }
    : { form: TOLD.includes(refusal) ? `objection.${refusal}` : 'objection.not_now' }

/**
 * `POST /api/objection/act`: one act of a holder on the objection that this browser has open (`act`: reply, renew,
 * withdraw). Answers 303 to its page, which says what came of it: a refusal with everything that was typed, or that it is
 * done.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => followPage(senderLocale(request), 'failed'),
  post: async (request) => {
    const locale = senderLocale(request)
    const now = new Date()
    const visit = await openObjection(now)
    const own = visit && (await objectionForHolder(visit.scope, visit.id))
    if (!visit || !own) return followPage(locale, 'session_ended')
    const { number } = visit
    const backWith = async (left: HolderActLeft): Promise<Response> => {
      await leaveForObjection(left)
      return seeOther(pathFor(locale, { pathname: '/blocked/follow/[number]', params: { number } }))
    }
    const sent = await readMultipart(request, LIMITS, (file) => receiveFile(own.key, file), discardFiles)
    if (!sent.ok) {
      if (sent.error === 'foreign') return foreignOrigin(locale)
      return backWith({ act: null, done: false, values: {}, faults: { form: `track.${sent.error}` } })
    }
    const { fields, files, tooManyFiles } = sent.value
    const act = fields.get('act') ?? ''
    const cleaned = cleanText(fields.get('message') ?? '', MESSAGE_MAX)
    const message = cleaned.ok ? cleaned.value.trim() : ''
    const values = { message: fields.get('message') ?? '', evidenceKind: fields.get('evidenceKind') ?? '' }
    // The page was of another objection than the one that this browser has open by now.
    if (fields.get('number') !== number || !isHolderAct(act)) {
      await discardFiles(files)
      if (isHolderAct(act)) return followPage(locale, 'session_ended')
      return backWith({ act: null, done: false, values, faults: { form: 'general.invalid' } })
    }
    const faults = faultsIn(act, message, !cleaned.ok, files, tooManyFiles)
    if (Object.keys(faults).length > 0) {
      await discardFiles(files)
      return backWith({ act, done: false, values, faults })
    }
    const submitKey = z.uuid().safeParse(fields.get('submitKey'))
    const done = await actAsHolder(
      visit.scope,
      {
        key: own.key,
        version: Number(fields.get('version')),
        act,
        message,
        submitKey: submitKey.success ? submitKey.data : randomUUID(),
        kind: holderKind(fields.get('evidenceKind')),
        files: files.flatMap((file) => (file.ok ? [file.value] : [])),
      },
      now,
    )
    return backWith(done.ok ? { act, done: true } : { act, done: false, values, faults: faultOf(done.error) })
  },
})

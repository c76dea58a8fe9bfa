import { foreignOrigin } from '#app/foreign-origin.ts'
import { type ActLeft, isDataAct } from '#domain/case/citizen-acts.ts'
import { evidenceKind } from '#domain/evidence/kind.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#domain/evidence/limits.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { actAsCitizen } from '#server/cases/commands/citizen.ts'
import { keyForCitizen } from '#server/cases/loaders/citizen.ts'
import { citizenCase, leaveForNextPage } from '#server/entry/citizen.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart } from '#server/entry/multipart.ts'
import { discardFiles, receiveFile } from '#server/evidence/commands.ts'
import { askAboutData } from '#server/privacy/commands/ask.ts'
import { faultOf, readAct } from './form.ts'

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

const findPage = (locale: Locale, fault: string): Response =>
  seeOther(pathFor(locale, { pathname: '/track', query: { fault } }))

/**
 * `POST /api/case/act`: one act of a citizen on the case that this browser has open (`act`: reply, withdraw,
 * undo_withdraw, appeal, request_unblock, ask_correction, ask_erasure, withdraw_consent). Answers 303 to the case page, which says what came of it: a refusal with
 * everything that was typed, or that it is done.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => findPage(senderLocale(request), 'failed'),
  post: async (request) => {
    const locale = senderLocale(request)
    const now = new Date()
    const visit = await citizenCase(now)
    const key = visit && (await keyForCitizen(visit.scope, visit.caseId))
    if (!visit || !key) return findPage(locale, 'session_ended')
    const { number } = visit
    const backWith = async (left: ActLeft): Promise<Response> => {
      await leaveForNextPage(left)
      return seeOther(pathFor(locale, { pathname: '/track/[number]', params: { number } }))
    }

    const sent = await readMultipart(request, LIMITS, (file) => receiveFile(key, file), discardFiles)
    if (!sent.ok) {
      if (sent.error === 'foreign') return foreignOrigin(locale)
      return backWith({ act: null, done: false, values: {}, faults: { form: `track.${sent.error}` } })
    }
    const { fields, files, tooManyFiles } = sent.value
    // The page was of another case than the one that this browser has open by now.
    if (fields.get('number') !== number) {
      await discardFiles(files)
      return findPage(locale, 'session_ended')
    }
    const form = readAct(fields, files, tooManyFiles)
    if (!form.ok) {
      await discardFiles(files)
      return backWith({ ...form.error, done: false })
    }
    const { act, version, message, submitKey, values } = form.value
    if (isDataAct(act)) {
      await discardFiles(files)
      const { caseId } = visit
      const asked = await askAboutData(visit.scope, { caseId, version, act, message, submitKey }, now)
      return backWith(
        asked.ok ? { act, done: true } : { act, done: false, values, faults: faultOf(asked.error) },
      )
    }
    const done = await actAsCitizen(
      visit.scope,
      {
        key,
        version,
        act,
        message,
        submitKey,
        kind: evidenceKind(fields.get('evidenceKind')),
        files: files.flatMap((file) => (file.ok ? [file.value] : [])),
      },
      now,
    )
    return backWith(done.ok ? { act, done: true } : { act, done: false, values, faults: faultOf(done.error) })
  },
})

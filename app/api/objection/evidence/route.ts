import { foreignOrigin } from '#app/foreign-origin.ts'
import { holderKind } from '#domain/evidence/kind.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#domain/evidence/limits.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { clientAddress } from '#server/entry/address.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart } from '#server/entry/multipart.ts'
import { objectionCookie } from '#server/entry/objection.ts'
import { addEvidence, discardFiles, receiveFile } from '#server/evidence/commands.ts'
import { withinLimit } from '#server/limits/commands.ts'
import { chooseInspection } from '#server/objections/commands/begin.ts'
import { objectionDraft, objectionForEvidence } from '#server/objections/loaders/draft.ts'

export const dynamic = 'force-dynamic'

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  fields: 20,
  fieldBytes: 2000,
  bodyBytes: MAX_BODY_BYTES,
}

const stay = (locale: Locale, query: { readonly error?: string; readonly notice?: string } = {}): Response =>
  seeOther(pathFor(locale, { pathname: '/blocked/object/proof', query: { ...query } }))

/**
 * `POST /api/objection/evidence`: the proofs of an objection, into the draft of this browser; `step` says where to go on.
 * Always answers 303; a fault is named in the step page's address. A photo of the screen counts only while its word does.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => stay(senderLocale(request), { error: 'failed' }),
  post: async (request) => {
    const locale = senderLocale(request)
    const now = new Date()
    const start = () => seeOther(pathFor(locale, '/blocked/object'))
    const cookie = await objectionCookie()
    const draft = await objectionForEvidence(cookie, now)
    if (draft === null) return start()
    const { allowed } = await withinLimit('upload_address', clientAddress(request.headers), now)
    if (!allowed) return stay(locale, { error: 'too_often' })
    const form = await readMultipart(request, LIMITS, (file) => receiveFile(draft.key, file), discardFiles)
    if (!form.ok)
      return form.error === 'foreign' ? foreignOrigin(locale) : stay(locale, { error: form.error })
    const { fields, files, tooManyFiles } = form.value
    const kind = holderKind(fields.get('evidenceKind'))
    const late = draft.wordEnded && kind === 'screen' && files.length > 0
    if (tooManyFiles || late) {
      await discardFiles(files)
      return stay(locale, { error: late ? 'word_ended' : 'too_many' })
    }
    const received = files.flatMap((file) => (file.ok ? [file.value] : []))
    const kept = await addEvidence({ key: draft.key, actor: { kind: 'citizen' }, kind, files: received }, now)
    if (!kept.ok) return kept.error === 'gone' ? start() : stay(locale, { error: kept.error })
    await chooseInspection(cookie, fields.get('inspection') === 'on', now)

    const step = fields.get('step')
    if (step === 'back') return start()
    const refused = files.find((file) => !file.ok)
    if (refused) return stay(locale, { error: refused.error })
    if (step === 'next') {
      const shown = (await objectionDraft(cookie, now))?.shown
      return shown
        ? seeOther(pathFor(locale, '/blocked/object/person'))
        : stay(locale, { error: 'not_shown' })
    }
    if (files.length === 0) return stay(locale, { error: 'none' })
    return stay(locale, kept.value.repeated > 0 ? { notice: 'repeated' } : {})
  },
})

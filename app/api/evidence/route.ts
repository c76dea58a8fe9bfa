import { foreignOrigin } from '#app/foreign-origin.ts'
import type { EvidenceFault } from '#domain/evidence/fault.ts'
import { evidenceKind } from '#domain/evidence/kind.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#domain/evidence/limits.ts'
import { stepAfter, stepBefore } from '#domain/report/steps.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { clientAddress } from '#server/entry/address.ts'
import { draftCookie } from '#server/entry/draft.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart } from '#server/entry/multipart.ts'
import { addEvidence, discardFiles, receiveFile } from '#server/evidence/commands.ts'
import { withinLimit } from '#server/limits/commands.ts'
import { draftForEvidence } from '#server/reports/loaders.ts'

export const dynamic = 'force-dynamic'

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  fields: 20,
  fieldBytes: 2000,
  bodyBytes: MAX_BODY_BYTES,
}

interface Stay {
  readonly error?: EvidenceFault
  readonly notice?: 'repeated'
  /** The page that a change came from. */
  readonly from?: string
}
const stay = (locale: Locale, query: Stay): Response =>
  seeOther(pathFor(locale, { pathname: '/report/evidence', query: { ...query } }))

/**
 * `POST /api/evidence`: the report's evidence step. Stores what was chosen into the draft of this browser; `step`
 * says where to go on. Always answers 303; a fault is named in the step page's address (`error`, a code of
 * domain/evidence/fault.ts). A good file is kept even when another of the same form is refused.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => stay(senderLocale(request), { error: 'failed' }),
  post: async (request) => {
    const locale = senderLocale(request)
    const now = new Date()
    const start = () => seeOther(pathFor(locale, '/report'))
    const draft = await draftForEvidence(await draftCookie(), now)
    if (draft === null) return start()
    const { allowed } = await withinLimit('upload_address', clientAddress(request.headers), now)
    if (!allowed) return stay(locale, { error: 'too_often' })
    const form = await readMultipart(request, LIMITS, (file) => receiveFile(draft.key, file), discardFiles)
    if (!form.ok) {
      return form.error === 'foreign' ? foreignOrigin(locale) : stay(locale, { error: form.error })
    }
    const { fields, files, tooManyFiles } = form.value
    const from = fields.get('from') === 'review' ? { from: 'review' } : {}
    if (tooManyFiles) {
      await discardFiles(files)
      return stay(locale, { error: 'too_many', ...from })
    }
    const kept = await addEvidence(
      {
        key: draft.key,
        actor: { kind: 'citizen' },
        kind: evidenceKind(fields.get('evidenceKind')),
        files: files.flatMap((file) => (file.ok ? [file.value] : [])),
      },
      now,
    )
    if (!kept.ok) return kept.error === 'gone' ? start() : stay(locale, { error: kept.error, ...from })

    const step = fields.get('step')
    if (step === 'back') return seeOther(pathFor(locale, `/report/${stepBefore('evidence')}`))
    const refused = files.find((file) => !file.ok)
    if (refused) return stay(locale, { error: refused.error, ...from })
    if (step === 'next') {
      // Proof may come later: a report without any goes on.
      return seeOther(pathFor(locale, from.from ? '/report/review' : `/report/${stepAfter('evidence')}`))
    }
    if (files.length === 0) return stay(locale, { error: 'none', ...from })
    return stay(locale, { ...(kept.value.repeated > 0 && { notice: 'repeated' }), ...from })
  },
})

import { foreignOrigin } from '#app/foreign-origin.ts'
import type { EvidenceFault } from '#domain/evidence/fault.ts'
import { evidenceKind } from '#domain/evidence/kind.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#domain/evidence/limits.ts'
import { stepAfter, stepBefore } from '#domain/report/steps.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { draftCookie } from '#server/entry/draft.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart } from '#server/entry/multipart.ts'
import { addEvidence, discardFiles, receiveFile } from '#server/evidence/commands.ts'
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

const evidencePage = (locale: Locale, query: Readonly<Record<string, string>>): Response =>
  seeOther(pathFor(locale, { pathname: '/report/evidence', query }))
const stay = (locale: Locale, error: EvidenceFault): Response => evidencePage(locale, { error })

/**
 * `POST /api/evidence`: the report's evidence step. Stores what was chosen into the draft of this browser; `step`
 * says where to go on. Always answers 303; a fault is named in the step page's address (`error`, a code of
 * domain/evidence/fault.ts). A good file is kept even when another of the same form is refused.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => stay(senderLocale(request), 'failed'),
  post: async (request) => {
    const locale = senderLocale(request)
    const now = new Date()
    const draft = await draftForEvidence(await draftCookie(), now)
    if (draft === null) return seeOther(pathFor(locale, '/report'))
    const form = await readMultipart(request, LIMITS, (file) => receiveFile(draft.key, file), discardFiles)
    if (!form.ok) {
      if (form.error === 'foreign') return foreignOrigin(locale)
      return stay(locale, form.error)
    }
    const { fields, files, tooManyFiles } = form.value
    if (tooManyFiles) {
      await discardFiles(files)
      return stay(locale, 'too_many')
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
    if (!kept.ok)
      return kept.error === 'gone' ? seeOther(pathFor(locale, '/report')) : stay(locale, kept.error)
    const refused = files.find((file) => !file.ok)
    return answer(locale, fields.get('step'), {
      fault: refused && !refused.ok ? refused.error : null,
      chosen: files.length,
      repeated: kept.value.repeated,
    })
  },
})

function answer(
  locale: Locale,
  step: string | undefined,
  { fault, chosen, repeated }: { fault: EvidenceFault | null; chosen: number; repeated: number },
): Response {
  // Going back loses no words: what was good is kept, and the page tells it when the person comes again.
  if (step === 'back') return seeOther(pathFor(locale, `/report/${stepBefore('evidence')}`))
  if (fault) return stay(locale, fault)
  // Proof may come later: a report without any goes on.
  if (step === 'next') return seeOther(pathFor(locale, `/report/${stepAfter('evidence')}`))
  if (chosen === 0) return stay(locale, 'none')
  return evidencePage(locale, repeated > 0 ? { notice: 'repeated' } : {})
}

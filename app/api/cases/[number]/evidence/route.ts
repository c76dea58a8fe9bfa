import { isRefusedWhileWaiting } from '#features/accounts/rules.ts'
import { addDocuments, type DocumentRefusal } from '#features/cases/file/acts.ts'
import { findKeyForPolice } from '#features/cases/file/page-data.ts'
import { discardFiles, receiveFile, wasNotStored } from '#features/evidence/files/acts.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#features/evidence/files/limits-rules.ts'
import { evidenceKind } from '#features/evidence/files/rules.ts'
import { contentOf } from '#http/form-content.ts'
import { formPost, notStored, seeOther } from '#http/form-post.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { type FormLimits, readMultipart } from '#http/multipart.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { err } from '#lib/result.ts'
import { shownVersion } from '#lib/shown-version.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { OtherContent, withContent } from '#platform/idempotency/commands.ts'

export const access = 'case:decide' satisfies Access

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  fields: 10,
  fieldBytes: 2000,
  bodyBytes: MAX_BODY_BYTES,
}

const numberOf = (request: Request): string => new URL(request.url).pathname.split('/').at(-2) ?? ''

const back = (request: Request, query: { readonly done?: string; readonly error?: string }): Response => {
  const params = { number: numberOf(request) }
  return seeOther(pathFor(senderLocale(request), { pathname: '/admin/cases/[number]', params, query }))
}

/** Returns the message key of a refusal: faults of files, and of a case (`changed`, `wrong_state`). */
const codeOf = (refusal: DocumentRefusal): string => (refusal === 'gone' ? 'wrong_state' : refusal)

/**
 * `POST /api/cases/[number]/evidence`: documents that police add to a case in their scope. Answers 303; 503 to a program if the
 * store refused its files.
 */
export const POST = formPost({
  failed: (request) => back(request, { error: 'failed' }),
  post: async (request) => {
    const locale = senderLocale(request)
    const staff = await currentStaff()
    if (!staff || !may(staff.role, access)) {
      const query = { callbackUrl: pathFor(locale, '/admin/cases') }
      return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
    }
    if (isRefusedWhileWaiting(staff, access, new Date())) return back(request, { error: 'waiting' })
    const key = await findKeyForPolice(staff, numberOf(request))
    if (!key) return seeOther(missingPath(locale))
    const form = await readMultipart(request, LIMITS, (file) => receiveFile(key, file), discardFiles)
    if (!form.ok) {
      return back(request, { error: form.error })
    }
    const { fields, files, tooManyFiles } = form.value
    const refused = files.find((file) => !file.ok)
    if (tooManyFiles || files.length === 0 || refused) {
      await discardFiles(files)
      const away = wasNotStored(files) ? notStored(request) : null
      if (away) return away
      return back(request, {
        error: tooManyFiles ? 'too_many' : refused?.ok === false ? refused.error : 'none',
      })
    }
    const documents = {
      key,
      version: shownVersion.parse(fields.get('version')),
      submitKey: submitKey.parse(fields.get('submitKey')),
      kind: evidenceKind(fields.get('evidenceKind')),
      files: files.flatMap((file) => (file.ok ? [file.value] : [])),
    }
    const content = contentOf(Object.fromEntries(fields), documents.files)
    const added = await withContent(content, () => addDocuments(staff, documents, new Date())).catch(
      async (error: unknown) => {
        if (!(error instanceof OtherContent)) throw error
        await discardFiles(files)
        return err('changed' as const)
      },
    )
    return back(request, added.ok ? { done: 'add_document' } : { error: codeOf(added.error) })
  },
})

import { addEvidence, discardFiles, receiveFile, wasNotStored } from '#features/evidence/files/acts.ts'
import { MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES } from '#features/evidence/files/limits-rules.ts'
import { cleanFileName, type EvidenceKind } from '#features/evidence/files/rules.ts'
import { clientAddress } from '#http/address.ts'
import { formPost, notStored, seeOther } from '#http/form-post.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { type FormLimits, readMultipart } from '#http/multipart.ts'
import type { Instant } from '#lib/time.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

const LIMITS: FormLimits = {
  fileField: 'evidence',
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  fields: 20,
  fieldBytes: 2000,
  bodyBytes: MAX_BODY_BYTES,
}

/** The query of the step's address: a fault, the result of the files, and other parameters. */
type Stay = Readonly<Record<string, string>>
type Fields = ReadonlyMap<string, string>

interface Draft {
  readonly key: Parameters<typeof receiveFile>[0]
}

interface EvidencePost<D extends Draft> {
  readonly draft: (now: Instant) => Promise<D | null>
  /** The first page, for a browser without a draft. */
  readonly start: Route
  readonly page: (query: Stay) => Route
  readonly kindOf: (text: string | undefined) => EvidenceKind
  /** Returns the fields of the form that stay in the step's address. */
  readonly kept?: (fields: Fields) => Stay
  /** Returns why files of a kind are not accepted at this time, valid or not; null where they are. */
  readonly untimely?: (draft: D, kind: EvidenceKind) => string | null
  /** Returns parameters that name the refused file in the step's address, readable by this browser only. */
  readonly naming?: (fileName: string) => Promise<Stay>
  readonly alsoSave?: (fields: Fields, now: Instant) => Promise<unknown>
  readonly before: Route
  /** Returns the page for `next`, or the fault that prevents it. */
  readonly after: (fields: Fields, now: Instant) => Promise<Route | { readonly missing: string }>
}

/**
 * Returns the handler of a step that adds files to this browser's draft; the field `step` decides the next page. It answers 303,
 * and 503 to a program if the store refused its files. The step page's address has the fault (`error`, a code of
 * features/evidence/files/rules.ts or of `untimely` and `after`). A valid file is kept even if another of the same form is
 * refused.
 */
export const evidencePost = <D extends Draft>(of: EvidencePost<D>) =>
  formPost({
    failed: (request) => seeOther(pathFor(senderLocale(request), of.page({ error: 'failed' }))),
    post: async (request) => {
      const locale = senderLocale(request)
      const now = new Date()
      const to = (route: Route) => seeOther(pathFor(locale, route))
      const draft = await of.draft(now)
      if (draft === null) return to(of.start)
      const { allowed } = await withinLimit('upload_address', clientAddress(request.headers), now)
      if (!allowed) return to(of.page({ error: 'too_often' }))
      const names: (string | null)[] = []
      const form = await readMultipart(
        request,
        LIMITS,
        (file) => {
          names.push(cleanFileName(file.fileName))
          return receiveFile(draft.key, file)
        },
        discardFiles,
      )
      if (!form.ok) return to(of.page({ error: form.error }))

      const { fields, files, tooManyFiles } = form.value
      const away = wasNotStored(files) ? notStored(request) : null
      if (away) {
        await discardFiles(files)
        return away
      }
      const stay = (query: Stay) => to(of.page({ ...query, ...of.kept?.(fields) }))
      const kind = of.kindOf(fields.get('evidenceKind'))
      const untimely = files.length > 0 ? of.untimely?.(draft, kind) : null
      if (untimely || tooManyFiles) {
        await discardFiles(files)
        return stay({ error: untimely ?? 'too_many' })
      }
      const received = files.flatMap((file) => (file.ok ? [file.value] : []))
      const actor = { kind: 'citizen' } as const
      const key = submitKey.parse(fields.get('submitKey'))
      const added = await addEvidence({ key: draft.key, actor, kind, files: received, submitKey: key }, now)
      if (!added.ok) return added.error === 'gone' ? to(of.start) : stay({ error: added.error })
      await of.alsoSave?.(fields, now)

      const step = fields.get('step')
      if (step === 'back') return to(of.before)
      const faulty = files.findIndex((file) => !file.ok)
      const refused = files[faulty]
      if (refused && !refused.ok) {
        const name = names[faulty]
        return stay({ error: refused.error, ...(name && (await of.naming?.(name))) })
      }
      if (step === 'next') {
        const next = await of.after(fields, now)
        return typeof next === 'object' && 'missing' in next ? stay({ error: next.missing }) : to(next)
      }
      if (files.length === 0) return stay({ error: 'none' })
      return stay(added.value.repeated > 0 ? { notice: 'repeated' } : {})
    },
  })

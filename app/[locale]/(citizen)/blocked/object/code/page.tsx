import { redirect } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { ObjectionFrame } from '#features/disputes/drafts/objection-frame.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { CodeForm } from '#features/reporting/steps/code-form.tsx'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { holderCodeAction } from '../actions.ts'
import { objectionDraftAt, objectionMetadata, objectionPath } from '../step.ts'

export const access = 'holder of the cookie of an objection’s draft' satisfies Access

export const generateMetadata = objectionMetadata('code')

export default async function ObjectionCodePage() {
  const draft = await objectionDraftAt('code')
  if (draft.contactConfirmed) redirect(objectionPath(await getLocale(), 'review'))
  return (
    <ObjectionFrame step="code" draft={draft} hotline={citySettings().hotline}>
      <CodeForm
        action={holderCodeAction}
        contact={draft.holder?.contact ?? null}
        sent={draft.codeSent}
        notArrived={draft.codeNotArrived}
        phones={reachesPhones()}
        change="/blocked/object/person"
      />
    </ObjectionFrame>
  )
}

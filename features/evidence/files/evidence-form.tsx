import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { PostForm } from '#components/form/post-form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { EvidenceFields } from './evidence-fields.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { faultWords } from './fault-words.tsx'
import { MAX_FILES } from './limits-rules.ts'
import type { EvidenceFault, EvidenceItem } from './rules.ts'

export interface EvidenceFormProps {
  readonly items: readonly EvidenceItem[]
  readonly fault: EvidenceFault | null
  readonly repeated: boolean
  readonly faultyFile: string | null
  /** The step's own, under the summary of errors. */
  readonly heading: ReactNode
  /** Takes a file out of the draft: gets its id as `evidenceId`. */
  readonly remove: FormAction
  /** The step's own buttons: `next` first, then others such as `add`. */
  readonly children: ReactNode
}

/** Renders the report's evidence step: the files kept so far, and one form to the upload handler for more. */
export async function EvidenceForm(props: EvidenceFormProps) {
  const { items, repeated, remove, heading, children } = props
  const t = await getTranslations('evidence')
  const said = await faultWords(props)
  return (
    <PostForm
      action="/api/evidence"
      encoding="multipart"
      state={{ values: {}, errors: said === null ? {} : { evidence: said } }}
      before={
        <>
          {heading}
          {items.length === 0 ? null : (
            <section className="stack">
              <h2>{t('list.title', { count: items.length, max: MAX_FILES })}</h2>
              {repeated ? (
                <Notice tone="info">
                  <p>{t('list.repeated')}</p>
                </Notice>
              ) : null}
              <EvidenceList items={items} remove={remove} />
            </section>
          )}
        </>
      }
    >
      <EvidenceFields optional stored={items.length} />
      {children}
    </PostForm>
  )
}

'use client'
import { useField } from '#components/form/form-context.ts'

/** Selects a case that should not be sent; `label` names it to screen readers, as its row does visually. */
export function CaseBox({ caseId, label }: { readonly caseId: string; readonly label: string }) {
  const { id, values } = useField('withheld', false)
  return (
    <label className="inline-flex min-h-11 min-w-11 items-center">
      <input
        type="checkbox"
        className="size-5 accent-teal"
        id={`${id}-${caseId}`}
        name="withheld"
        value={caseId}
        defaultChecked={values.includes(caseId)}
        aria-label={label}
      />
    </label>
  )
}

'use client'
import { KeyCap } from '#components/ui/key-cap.tsx'
import { CHECK_FIELDS } from '../rules/proof.ts'

/**
 * Answers every question of the checklist with yes at one press, for cases in which a machine has read the claimed IMEI
 * on the evidence. The person has to have looked.
 */
export function AllAgree({ label }: { readonly label: string }) {
  return (
    <button
      type="button"
      className="button needs-script"
      data-look="quiet"
      data-size="small"
      aria-keyshortcuts="y"
      onClick={({ currentTarget: { form } }) => {
        for (const field of CHECK_FIELDS)
          form?.querySelector<HTMLInputElement>(`input[name="${field}"][value="yes"]`)?.click()
      }}
    >
      {label} <KeyCap of="Y" />
    </button>
  )
}

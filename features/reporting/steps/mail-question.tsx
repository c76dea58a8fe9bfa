'use client'
import { useField } from '#components/form/form-context.ts'
import { suggestEmail } from '#lib/person/mail-domain.ts'

/**
 * Offers the probable address where an e-mail address looks mistyped. Going on without a change keeps the typed one,
 * which is then not asked about again.
 */
export function MailQuestion({ take }: { readonly take: string }) {
  const { value, error } = useField('contactEmail', false)
  const meant = error === undefined ? null : suggestEmail(value.trim())
  if (meant === null) return null
  return (
    <p className="pt-2">
      <input type="hidden" name="contactEmailAsked" value={value.trim()} />
      {/* What Enter presses: the form's first button, which would otherwise take the other address. */}
      <button type="submit" className="sr-only" tabIndex={-1} aria-hidden="true" />
      <button
        type="submit"
        className="button max-w-full wrap-anywhere"
        data-look="quiet"
        name="contactEmailMeant"
        value={meant}
      >
        {take} {meant}
      </button>
    </p>
  )
}

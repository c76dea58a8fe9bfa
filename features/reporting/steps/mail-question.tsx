'use client'
import { useField } from '#components/form/form-context.ts'
import { suggestEmail } from '#lib/person/mail-domain.ts'

/**
 * Suggests an address if the typed e-mail address looks mistyped. Continuing without a change keeps the typed one, which is
 * then not questioned again.
 */
export function MailQuestion({ take }: { readonly take: string }) {
  const { value, error } = useField('contactEmail', false)
  const meant = error === undefined ? null : suggestEmail(value.trim())
  if (meant === null) return null
  return (
    <p className="pt-2">
      <input type="hidden" name="contactEmailAsked" value={value.trim()} />
      {/* Enter presses the form's first button; without this one it would accept the suggestion. */}
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

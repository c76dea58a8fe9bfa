import { getTranslations } from 'next-intl/server'

/** Renders the page's keys at the bottom, for sighted users only: screen readers have `aria-keyshortcuts`. */
export async function KeyBar({
  keys,
}: {
  /** The most used keys of this page, as named on a keyboard, with what they do. */
  readonly keys: readonly { readonly keys: readonly string[]; readonly label: string }[]
}) {
  const t = await getTranslations('common.keys')
  return (
    <div className="keys-bar needs-script print-hidden">
      {keys.map(({ keys: caps, label }) => (
        <span key={label} aria-hidden="true">
          {caps.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
          {label}
        </span>
      ))}
      <button type="button" data-all-keys="" aria-keyshortcuts="?">
        <kbd>?</kbd>
        {t('all')}
      </button>
    </div>
  )
}

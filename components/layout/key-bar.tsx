import { getTranslations } from 'next-intl/server'

export interface KeyBarProps {
  /** The keys that are used most on this page, as they stand on a keyboard, and what they do. */
  readonly keys: readonly { readonly keys: readonly string[]; readonly label: string }[]
}

/**
 * Renders the page's keys at its foot. For eyes alone: a screen reader is told of each key by its element
 * (`aria-keyshortcuts`), and the button lists them all. Not there without a script, on a phone, or where keys are off.
 */
export async function KeyBar({ keys }: KeyBarProps) {
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

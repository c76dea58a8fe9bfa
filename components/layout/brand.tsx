import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { cityWords } from '#messages/city.ts'

/** Renders the name and shield as a link to the home page. `small`: for staff pages, to save height. */
export async function Brand({ small = false }: { readonly small?: boolean }) {
  const size = small ? 26 : 34
  const [t, locale] = await Promise.all([getTranslations('common.site'), getLocale()])
  return (
    <Link
      href="/"
      className={`flex items-center gap-2.5 font-semibold text-ink no-underline hover:text-ink ${small ? 'min-h-11 text-base' : 'text-lg'}`}
    >
      <svg viewBox="0 0 34 34" width={size} height={size} aria-hidden="true">
        <path className="fill-teal" d="M17 1.5 31 6v11.5c0 7.6-5.7 12.9-14 15-8.3-2.1-14-7.4-14-15V6z" />
        <path
          className="fill-none stroke-on-teal"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
          d="M12 9.5h10v15H12zM15.5 21.5h3"
        />
      </svg>
      <span className="leading-tight">
        {t('name')}
        {small ? null : (
          <span className="block text-xs leading-tight font-normal text-soft">{cityWords(locale).city}</span>
        )}
      </span>
    </Link>
  )
}

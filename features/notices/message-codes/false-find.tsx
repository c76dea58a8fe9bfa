import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'

export async function FalseFind() {
  const t = await getTranslations('message-codes')
  return (
    <p className="text-sm" data-false-find>
      {t.rich('beware', {
        link: (words) => <Link href={{ pathname: '/verify', query: { message: '' } }}>{words}</Link>,
      })}
    </p>
  )
}

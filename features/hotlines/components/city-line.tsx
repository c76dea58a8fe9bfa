import { getTranslations } from 'next-intl/server'
import { Telephone } from '#components/ui/telephone.tsx'

/** Renders the city's number as a sentence, where no unit of police may be named: it would tell where a phone was reported. */
export async function CityLine({ hotline }: { readonly hotline: string }) {
  const t = await getTranslations('hotlines')
  return <p>{t.rich('city', { call: () => <Telephone number={hotline} /> })}</p>
}

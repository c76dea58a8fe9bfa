import { getTranslations } from 'next-intl/server'
import { Icon, type IconName } from '#components/ui/icon.tsx'

const steps = [
  ['filed', 'send'],
  ['verified', 'shield'],
  ['blocked', 'lock'],
  ['returned', 'unlock'],
] as const satisfies readonly (readonly [string, IconName])[]

/** Shows what happens once a report is sent, and how long each stretch may take. */
export async function HowItGoes() {
  const t = await getTranslations('home.how')
  return (
    <section aria-labelledby="how">
      <h2 id="how" className="mb-6">
        {t('title')}
      </h2>
      <ol className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-4">
        {steps.map(([step, icon]) => (
          <li key={step} className="max-sm:grid max-sm:grid-cols-[auto_1fr] max-sm:gap-x-4">
            <span className="mb-2 grid size-11 place-items-center max-sm:row-span-2 rounded-full bg-teal-wash text-teal">
              <Icon name={icon} size={22} />
            </span>
            <h3 className="mb-1">{t(step)}</h3>
            <p className="text-sm text-soft">{t(`${step}Text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

import { getTranslations } from 'next-intl/server'

export async function Steps({
  current,
  total,
  name,
  between = false,
}: {
  /** Counted from 1. */
  readonly current: number
  readonly total: number
  readonly name: string
  /** True for a page after `current` that is not a step itself: `current` counts as done. */
  readonly between?: boolean
}) {
  const t = await getTranslations('common')
  const done = between ? current : current - 1
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
      <svg width={total * 31 - 5} height="6" aria-hidden="true">
        {Array.from({ length: total }, (_, index) => index + 1).map((step) => (
          <rect
            key={step}
            x={(step - 1) * 31}
            width="26"
            height="6"
            rx="3"
            className={step <= done ? 'fill-teal' : step === current ? 'fill-saffron' : 'fill-line'}
          />
        ))}
      </svg>
      <span>{t(between ? 'stepBetween' : 'step', { step: current, total, name })}</span>
    </div>
  )
}
